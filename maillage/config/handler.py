"""How a page is served under ASGI: in one thread, from its first middleware to its last.

All our middlewares and views are synchronous. Django's own handler runs them through its asynchronous chain, from the
event loop to a thread, back and forth again around the view: on a busy machine that costs more than most pages do.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase


class OneThreadHandler(ASGIHandler):
    """Django's ASGI handler with its synchronous chain: the event loop hands each request over once."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the chain as for WSGI, whatever is asked."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Run the whole chain in the request's own thread."""
        answer: Any = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        response: HttpResponseBase = answer
        return response
