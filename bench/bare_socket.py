"""A web process that does nothing but answer messages, under the same server as ours: the floor of `scale`.

python -m bench.bare_socket PORT
"""

import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer each message with a short one of the same kind; an entry, with a presence."""
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (heard := await receive())["type"] == "websocket.receive":
        kind = json.loads(heard["text"])["type"]
        said: dict[str, object] = {
            "type": "presence" if kind == "enter" else kind,
            **({"lines": []} if kind == "chat" else {}),
        }
        await send({"type": "websocket.send", "text": json.dumps(said)})


if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]), lifespan="off", log_level="warning", access_log=False)
