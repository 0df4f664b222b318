"""Settings of every test: private data, no network, quick password hashes."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from channels.layers import channel_layers
from django.conf import settings as django_settings
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

os.environ.setdefault("MAILLAGE_DEBUG", "1")
os.environ.setdefault("MAILLAGE_DATA", tempfile.mkdtemp(prefix="maillage-tests-"))


def pytest_configure() -> None:
    """Give each process of the tests its own Redis database: one that empties its cache empties no other's."""
    if django_settings.REDIS_URL:
        number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        place = urlsplit(django_settings.REDIS_URL)._replace(path=f"/{number}").geturl()
        django_settings.CACHES["default"]["LOCATION"] = place
    if django_settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DatabaseOperations.sql_flush = _empty_what_was_filled  # type: ignore[assignment]
        DatabaseCreation._destroy_test_db = _drop_by_force  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what uses the database: the rest is alike on both, and played once."""
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker("stored")


def _empty_what_was_filled(self: DatabaseOperations, style: object, tables: Sequence[str], **wishes: bool) -> list[str]:
    """Return what empties the tables that hold something: truncating all of them takes seconds, for a few rows."""
    asked = [f"(SELECT '{table}' FROM {self.quote_name(table)} LIMIT 1)" for table in tables]  # noqa: S608 our own names
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [f"DELETE FROM {self.quote_name(table)}" for (table,) in cursor.fetchall()]  # noqa: S608


def _drop_by_force(self: Any, name: str, _verbosity: int) -> None:
    """Drop the database of the tests even if a thread of one of them died with its connection open."""
    self.connection.close_pool()
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")


# A shared machine is slow by fits: an example may take its time, a wrong answer is still wrong.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(autouse=True)
def _channel_layer_of_its_own(settings: Settings) -> Iterator[None]:
    """Give each test its own channel layer: what an earlier one, or one beside it, still says is not for it."""
    if settings.REDIS_URL:
        settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = secrets.token_hex(6)
    yield
    channel_layers.backends.clear()


@pytest.fixture(autouse=True)
def _quiet_settings(settings: Settings) -> None:
    """Keep mails in memory and counts of acts off, unless a test asks otherwise."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAILLAGE_THROTTLE = False
    settings.MEDIA_ROOT = Path(tempfile.gettempdir()) / "maillage-media"
