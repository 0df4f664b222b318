"""The API's one shape for a refusal: problem+json (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from maillage.core.errors import DomainError, TooMany, Unauthorised
from maillage.core.throttle import Allowance


class Problem(Schema):
    """RFC 9457. `code` is stable; `title` and `advice` are for people, in the language asked for."""

    type: str = "about:blank"
    status: int
    code: str
    title: str
    advice: str = ""
    details: dict[str, Any] = {}


def problem(refusal: DomainError) -> JsonResponse:
    """Return `refusal` as problem+json."""
    body = Problem(
        status=refusal.status,
        code=refusal.code,
        title=refusal.sentence(),
        advice=refusal.advice(),
        details={key: str(value) for key, value in refusal.details.items()},
    )
    answer = JsonResponse(body.model_dump(), status=refusal.status, content_type="application/problem+json")
    if isinstance(refusal, TooMany) and "wait_seconds" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["wait_seconds"])
    if isinstance(refusal, Unauthorised):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


class Api(NinjaAPI):
    """Ninja, whose every answer says how much its caller may still ask."""

    def create_response(self, request: HttpRequest, data: Any, **given: Any) -> HttpResponse:
        """Return the answer with the headers of `request.allowance`, where an act was counted."""
        return with_limits(request, super().create_response(request, data, **given))


def with_limits(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Add the headers that tell what is left to the caller."""
    allowance: Allowance | None = getattr(request, "allowance", None)
    if allowance:
        for name, value in allowance.headers().items():
            answer.headers[name] = value
    return answer


def install_handlers(api: NinjaAPI) -> None:
    """Make every refusal of `api` a problem+json: the domain's, the schema's and Ninja's own."""

    @api.exception_handler(DomainError)
    def on_refusal(request: HttpRequest, refusal: DomainError) -> HttpResponse:
        return with_limits(request, problem(refusal))

    @api.exception_handler(ValidationError)
    def on_validation(request: HttpRequest, failure: ValidationError) -> JsonResponse:
        where = {".".join(str(part) for part in error["loc"]): error["msg"] for error in failure.errors}
        body = Problem(status=422, code="invalid", title="The request does not fit its schema.", details=where)
        return JsonResponse(body.model_dump(), status=422, content_type="application/problem+json")

    @api.exception_handler(HttpError)
    def on_http(request: HttpRequest, failure: HttpError) -> JsonResponse:
        body = Problem(status=failure.status_code, code=f"http-{failure.status_code}", title=str(failure))
        return JsonResponse(body.model_dump(), status=failure.status_code, content_type="application/problem+json")
