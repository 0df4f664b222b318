"""Turn a refusal raised anywhere into an answer, and refuse oversized requests before reading them."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from maillage.core.errors import DomainError, Invalid, TooLarge, WrongMethod, is_nul
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
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and wants_problem(request):
            return _wrong_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; anything else is a fault and goes on to Django."""
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return _answer(request, TooLarge())
        if isinstance(exception, DataError) and is_nul(exception):
            return _answer(request, Invalid())
        if isinstance(exception, DomainError):
            return _answer(request, exception)
        return None


def _wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """Say it in words, and keep the header that tells programs the same."""
    methods = response.headers.get("Allow", "")
    answer = _answer(request, WrongMethod(methods=methods))
    answer.headers["Allow"] = methods
    return answer


def _answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return problem(refusal) if wants_problem(request) else render_refusal(request, refusal)
