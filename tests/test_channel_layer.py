# mypy: disable-error-code="no-untyped-call"
"""What sockets say to each other through Redis: nobody's of another installation, and again after Redis was away."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers, get_channel_layer
from pytest_django import Settings
from redis.asyncio import Redis

from maillage.conference.tests.sockets import come_in, hello, meeting_now, page_of
from maillage.core.channel_layer import PubSubLayer
from maillage.core.sockets import MISSED, OPEN_AGAIN
from tooling.services import free_port, process, program

pytestmark = [pytest.mark.postgresql, pytest.mark.asyncio]
NEWS = {"type": "some.news"}
_PREFIX = "from maillage.config.settings import CHANNEL_LAYERS; print(CHANNEL_LAYERS['default']['CONFIG']['prefix'])"


class RedisOfOurOwn:
    """A Redis that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.port, self._log = free_port(), folder / "redis.log"
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [program("redis-server", "redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        self._running = process([*command, "--save", ""], self.port, self._log)
        self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)


@pytest.fixture
def redis(tmp_path: Path, settings: Settings) -> Iterator[RedisOfOurOwn]:
    own = RedisOfOurOwn(tmp_path)
    config = {"hosts": [own.url], "prefix": "ours"}
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "maillage.core.channel_layer.PubSubLayer", "CONFIG": config}}
    channel_layers.backends.clear()
    yield own
    own.stop()


@pytest_asyncio.fixture
async def listening(redis: RedisOfOurOwn) -> AsyncIterator[tuple[PubSubLayer, str]]:
    """A layer, and a channel of it that listens to the group `all`."""
    layer: Any = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add("all", channel)
    yield layer, channel
    await layer.flush()


async def hear(layer: Any, channel: str) -> dict[str, Any]:
    heard: dict[str, Any] = await asyncio.wait_for(layer.receive(channel), 10)
    return heard


async def comes_back(layer: Any, channel: str) -> None:
    """Check that a channel is told that messages may be missing, and hears the next one."""
    assert await hear(layer, channel) == MISSED
    await layer.group_send("all", NEWS)
    assert await hear(layer, channel) == NEWS


async def listeners(redis: RedisOfOurOwn) -> int:
    """Return how many names Redis passes on to somebody."""
    async with Redis.from_url(redis.url) as asked:
        return len(await asked.pubsub_channels())


async def test_a_cut_by_redis_is_told_and_the_groups_are_heard_again(
    redis: RedisOfOurOwn, listening: tuple[PubSubLayer, str]
) -> None:
    layer, channel = listening
    async with Redis.from_url(redis.url) as operator:
        await operator.client_kill_filter(_type="pubsub")
    await comes_back(layer, channel)


async def test_a_redis_that_restarts_with_nothing_kept_is_told_and_the_groups_are_heard_again(
    redis: RedisOfOurOwn, listening: tuple[PubSubLayer, str]
) -> None:
    layer, channel = listening
    await layer.group_send("all", NEWS)
    assert await hear(layer, channel) == NEWS
    redis.stop()
    await asyncio.sleep(0.5)  # away for a while: the first attempts to come back find nobody
    redis.start()
    await comes_back(layer, channel)


async def test_a_socket_that_is_gone_leaves_nothing_at_redis(
    redis: RedisOfOurOwn, listening: tuple[PubSubLayer, str]
) -> None:
    layer, channel = listening
    before = await listeners(redis)
    gone = await layer.new_channel()
    await layer.group_add("theirs", gone)
    await layer.group_add("all", gone)
    receiving = asyncio.ensure_future(layer.receive(gone))
    await asyncio.sleep(0.1)
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(receiving, 2)
    assert await listeners(redis) == before
    await layer.group_send("all", NEWS)
    assert await hear(layer, channel) == NEWS


async def test_two_installations_on_one_redis_do_not_hear_each_other(
    redis: RedisOfOurOwn, listening: tuple[PubSubLayer, str]
) -> None:
    layer, channel = listening
    other: Any = PubSubLayer(hosts=[redis.url.removesuffix("0") + "1"], prefix="theirs")
    await other.group_send("all", {"type": "not.ours"})
    await layer.group_send("all", NEWS)
    assert await hear(layer, channel) == NEWS
    await other.flush()


def prefix_of(secret: str) -> str:
    """Return how the names of an installation with that secret key begin."""
    own = {**os.environ, "MAILLAGE_SECRET_KEY": secret, "MAILLAGE_REDIS_URL": "redis://127.0.0.1/0"}
    done = subprocess.run([sys.executable, "-c", _PREFIX], env=own, capture_output=True, text=True, check=True)
    return done.stdout.strip()


async def test_an_installation_has_a_prefix_of_its_own() -> None:
    ours, again, theirs = [prefix_of(key * 25) for key in ("ours", "ours", "them")]
    assert len(ours) == 12
    assert ours == again
    assert ours != theirs


@pytest.mark.django_db(transaction=True)
async def test_pages_come_back_after_redis_was_away_and_hear_each_other(redis: RedisOfOurOwn) -> None:
    _, (callac, rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await come_in(b, "b")
        redis.stop()
        redis.start()
        assert await a.closed_with() == OPEN_AGAIN
        assert await b.closed_with() == OPEN_AGAIN
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await hello(a, "a", entered=True)
        await hello(b, "b", entered=True)
        await b.say("signal", to=callac, page="page-a-1", description={"type": "offer", "sdp": "v=0"})
        assert (await a.hear("signal"))["from"] == rennes
