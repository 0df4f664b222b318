"""How a page is served under ASGI: in one thread of a pool, from its first middleware to its last.

All our middlewares and views are synchronous. Django's own handler starts a thread for each request and goes back and
forth between it and the event loop: for the signals, for the middlewares, again around the view. That costs more than
most pages do. Here the loop reads the request, hands it over once, and sends the answer.

Threads are told of the loop they serve (asgiref does it), so that a view may still send to a channel layer.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

THREADS: Final = 24
"""Pages served at the same instant by one process; more wait. Above the database pool, which is the real limit."""


class OneThreadHandler(ASGIHandler):
    """Django's ASGI handler with its synchronous chain: the event loop hands each request over once."""

    def __init__(self) -> None:
        super().__init__()
        threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._answer_in_thread = sync_to_async(self._answer, thread_sensitive=False, executor=threads)

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the chain as for WSGI, whatever is asked."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the request, have it answered, send the answer."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await self._answer_in_thread(scope, body)
            try:
                await self.send_response(response, send)
            finally:
                if response.streaming:
                    await sync_to_async(response.close)()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request. Only what streams needs a thread of its own, see `handle`."""
        async with ThreadSensitiveContext():
            await self.handle(scope, receive, send)

    def _answer(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        """Run the whole chain and, unless the answer streams, what follows it: connections go back to the pool."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = refusal if request is None else self.get_response(request)
        assert response is not None  # noqa: S101 one of the two is always there
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response
