"""What `maillage check` says about the network's configuration."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error

from maillage.core.forgetting import kinds
from maillage.core.theme import current_network, theme_faults


def readable_theme(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Refuse a theme whose colours cannot be read by everyone."""
    hint = "Change it under [colours] or [colours_dark] in the file named by MAILLAGE_NETWORK_FILE."
    return [Error(f"Theme, {fault}.", hint=hint, id="core.E001") for fault in theme_faults(current_network())]


def known_keeping_times(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Refuse a time to keep something nobody keeps, or one that is no number of days."""
    known = {kind.name for kind in kinds()}
    hint = f"Set it in MAILLAGE_KEPT_DAYS or under [kept_days]: {', '.join(sorted(known))}, in days; 0 keeps for ever."
    wrong = [
        name
        for name, days in sorted(settings.KEPT_DAYS.items())
        if name not in known or not isinstance(days, int) or not 0 <= days <= 36_500
    ]
    return [Error(f"Time to keep “{name}” is not one.", hint=hint, id="core.E002") for name in wrong]
