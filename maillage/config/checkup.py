"""Is everything in place? Each finding says what was looked at, how it is, and how to mend it."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator

import redis
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from maillage.config.bridge_checkup import check_bridges
from maillage.config.findings import Finding
from maillage.points.models import Room
from maillage.territory.models import Commune

Look = Callable[[], Finding]


def check_python() -> Finding:
    """Which Python runs, for those who are asked."""
    return Finding("python", "ok", ".".join(map(str, sys.version_info[:3])))


def check_database() -> Finding:
    """The database answers and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as failure:
        return Finding(
            "database", "wrong", str(failure).strip(), "Check MAILLAGE_DATABASE_URL, and that it is started."
        )
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding("database", "wrong", f"{len(waiting)} change(s) of tables wait", "Run: maillage migrate")
    return Finding("database", "ok", connection.vendor)


def check_redis() -> Finding:
    """Redis answers, where several processes need it."""
    if not settings.REDIS_URL:
        return Finding("redis", "warning", "none: one web process only", "Set MAILLAGE_REDIS_URL to use several.")
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3).ping()
    except redis.RedisError as failure:
        return Finding("redis", "wrong", str(failure), "Check MAILLAGE_REDIS_URL, and that Redis is started.")
    return Finding("redis", "ok", "answers")


def check_bundles() -> Finding:
    """Scripts and style sheets are built, and collected where they are served from."""
    if not finders.find("bundles/core/base.css"):
        return Finding("bundles", "wrong", "not built", "Run: make bundles")
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        return Finding("bundles", "wrong", "not collected", "Run: maillage collectstatic --noinput")
    return Finding("bundles", "ok", "built")


def check_address() -> Finding:
    """People's browsers give camera and microphone to https and to localhost only."""
    local = settings.BASE_URL.startswith(("http://localhost", "http://127.0.0.1"))
    if settings.BASE_URL.startswith("https://"):
        return Finding("address", "ok", settings.BASE_URL)
    if local:
        return Finding(
            "address", "warning", f"{settings.BASE_URL}: this computer only", "Set MAILLAGE_BASE_URL to https://…"
        )
    return Finding("address", "wrong", "browsers refuse the camera without https", "Set MAILLAGE_BASE_URL to https://…")


def check_secret() -> Finding:
    """The key that signs links is long enough and given."""
    if len(settings.SECRET_KEY) < 40:
        return Finding("secret", "wrong", "too short", "Set MAILLAGE_SECRET_KEY to 50 random characters.")
    return Finding("secret", "ok", "long enough")


def check_mail() -> Finding:
    """Mails can be handed over."""
    if settings.DEMO:
        return Finding("mail", "ok", "demonstration: kept on a page")
    try:
        with get_connection(timeout=5):
            pass
    except OSError as failure:
        return Finding(
            "mail", "wrong", str(failure), "Check MAILLAGE_EMAIL_URL, as in smtp+tls://user:password@host:587."
        )
    return Finding("mail", "ok", settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2])


def check_relay() -> Finding:
    """Browsers behind firewalls find a media relay."""
    if not settings.TURN_URLS:
        return Finding("relay", "warning", "none: calls between some firewalls will fail", "Set MAILLAGE_TURN_URLS.")
    if not settings.TURN_SECRET:
        return Finding("relay", "wrong", "no secret", "Set MAILLAGE_TURN_SECRET to coturn's static-auth-secret.")
    host, _, port = settings.TURN_URLS[0].partition(":")[2].partition("?")[0].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=3).close()
    except (OSError, ValueError) as failure:
        return Finding("relay", "wrong", str(failure), "Check that coturn listens at the first of MAILLAGE_TURN_URLS.")
    return Finding("relay", "ok", settings.TURN_URLS[0])


def check_territory() -> Finding:
    """There are communes to search and rooms to book."""
    communes, rooms = Commune.objects.count(), Room.objects.filter(is_active=True).count()
    if not communes:
        return Finding("territory", "wrong", "no commune", "Run: maillage import_communes FILE")
    if not rooms:
        return Finding(
            "territory", "wrong", "no room", "Run: maillage import_points FILE, or add one in the administration."
        )
    return Finding("territory", "ok", f"{communes} communes, {rooms} rooms")


def check_timed_jobs() -> Finding:
    """The timed jobs ran lately. Only a shared cache can tell."""
    if not settings.REDIS_URL:
        return Finding("timed jobs", "ok", "run by maillage serve")
    last = cache.get("tick")
    if last is None or timezone.now().timestamp() - last > 180:
        return Finding("timed jobs", "wrong", "none in the last 3 minutes", "Start: maillage tick")
    return Finding("timed jobs", "ok", "running")


def check_disk() -> Finding:
    """There is room left for the data."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.DATA).free // 2**20
    if free < 500:
        return Finding("disk", "wrong", f"{free} MB left", f"Make room beside {settings.DATA}.")
    return Finding("disk", "ok", f"{free // 1024} GB left")


LOOKS: tuple[Look, ...] = (
    check_python,
    check_secret,
    check_address,
    check_database,
    check_redis,
    check_bundles,
    check_mail,
    check_relay,
    check_territory,
    check_timed_jobs,
    check_disk,
)


def examine() -> Iterator[Finding]:
    """Give every finding, the most basic first. A look that breaks is itself a finding."""
    for look in LOOKS:
        name = look.__name__.removeprefix("check_").replace("_", " ")
        try:
            yield look()
        except DatabaseError as failure:
            yield Finding(name, "wrong", str(failure).strip().splitlines()[0], "Run: maillage migrate")
    yield from check_bridges()
