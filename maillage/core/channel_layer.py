"""The channel layer of several web processes: Redis passes each message on, once, to the sockets that listen then.

Nothing is kept for who is away. After a cut nobody can know what was said meanwhile, so each socket of the process
is told so (`core.sockets`): it hangs up, its page opens another, and hears where things stand. See ADR 180.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection
from channels_redis.utils import _wrap_close, decode_hosts
from redis.asyncio.client import PubSub
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from maillage.core.sockets import MISSED

ATTEMPTS = 10
"""How often an act is tried anew before it fails: for two to four seconds. A Redis that restarts takes less."""


class _Subscriptions(PubSub):
    """Subscriptions that say when they were cut and have been made again."""

    def __init__(self, pool: ConnectionPool, made_again: Callable[[], None]) -> None:
        super().__init__(pool)
        self._made_again = made_again

    async def on_connect(self, connection: Any) -> None:
        """Subscribe again; redis-py asks for it on each connection but the first."""
        await super().on_connect(connection)
        self._made_again()


class _Link(RedisSingleShardConnection):  # type: ignore[misc]
    def __init__(self, host: dict[str, Any], layer: "_LoopLayer") -> None:
        patience = Retry(ExponentialWithJitterBackoff(base=0.01, cap=1), ATTEMPTS)
        super().__init__({"retry": patience, **host}, layer)

    def _ensure_redis(self) -> None:
        if self._redis is None:
            super()._ensure_redis()
            pool: ConnectionPool = self._redis.connection_pool  # type: ignore[attr-defined]
            self._pubsub = _Subscriptions(pool, self.channel_layer.tell_missed)


class _LoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]
    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self._shards = [_Link(host, self) for host in decode_hosts(named["hosts"])]

    def tell_missed(self) -> None:
        """Tell every socket of this process that messages may be missing."""
        for waiting in self.channels.values():
            waiting.put_nowait(self.channel_layer.serialize(MISSED))

    async def receive(self, channel: str) -> dict[str, Any]:
        """Return the next message; a socket that is gone leaves its groups, even one that failed before it could."""
        try:
            message: dict[str, Any] = await super().receive(channel)
        except asyncio.CancelledError:
            for group in [name for name, listening in self.groups.items() if channel in listening]:
                await self.group_discard(group.removeprefix(self._get_group_channel_name("")), channel)
            raise
        return message


class PubSubLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """Upstream's publish-and-subscribe layer, which also says when messages may be missing."""

    def _get_layer(self) -> _LoopLayer:
        loop = asyncio.get_running_loop()
        layer: _LoopLayer | None = self._layers.get(loop)
        if layer is None:
            layer = self._layers[loop] = _LoopLayer(**self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        return layer
