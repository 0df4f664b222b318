"""What `maillage check` says about the network's configuration."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error

from maillage.core.theme import current_network, theme_faults


def readable_theme(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Refuse a theme whose colours cannot be read by everyone."""
    hint = "Change it under [colours] or [colours_dark] in the file named by MAILLAGE_NETWORK_FILE."
    return [Error(f"Theme, {fault}.", hint=hint, id="core.E001") for fault in theme_faults(current_network())]
