"""Turn a refusal raised anywhere into an answer, and refuse oversized requests before reading them."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from maillage.core.errors import DomainError, TooLarge
from maillage.core.http import most_taken, render_refusal, wants_problem
from maillage.core.problems import problem

Next = Callable[[HttpRequest], HttpResponseBase]


class RefusalMiddleware:
    """Answers a DomainError with the refusal page, or problem+json under /api/."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if (
            length.isdigit()
            and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            and int(length) > most_taken(request)
        ):
            return _answer(request, TooLarge())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; anything else is a fault and goes on to Django."""
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return _answer(request, TooLarge())
        if isinstance(exception, DomainError):
            return _answer(request, exception)
        return None


def _answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return problem(refusal) if wants_problem(request) else render_refusal(request, refusal)
