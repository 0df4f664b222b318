"""Settings of every test: private data, no network, quick password hashes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.layers import channel_layers
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

os.environ.setdefault("MAILLAGE_DEBUG", "1")
os.environ.setdefault("MAILLAGE_DATA", tempfile.mkdtemp(prefix="maillage-tests-"))


# A shared machine is slow by fits: an example may take its time, a wrong answer is still wrong.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(autouse=True)
def _channel_layer_of_its_own() -> Iterator[None]:
    """Give each test its own channel layer: one with Redis keeps locks of the event loop that first used it."""
    yield
    channel_layers.backends.clear()


@pytest.fixture(autouse=True)
def _quiet_settings(settings: Settings) -> None:
    """Keep mails in memory and counts of acts off, unless a test asks otherwise."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAILLAGE_THROTTLE = False
    settings.MEDIA_ROOT = Path(tempfile.gettempdir()) / "maillage-media"
