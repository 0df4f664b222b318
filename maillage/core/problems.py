"""The API's one shape for a refusal: problem+json (RFC 9457)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from maillage.core.errors import DomainError


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
    return JsonResponse(body.model_dump(), status=refusal.status, content_type="application/problem+json")


def install_handlers(api: NinjaAPI) -> None:
    """Make every refusal of `api` a problem+json: the domain's, the schema's and Ninja's own."""

    @api.exception_handler(DomainError)
    def on_refusal(request: HttpRequest, refusal: DomainError) -> JsonResponse:
        return problem(refusal)

    @api.exception_handler(ValidationError)
    def on_validation(request: HttpRequest, failure: ValidationError) -> JsonResponse:
        where = {".".join(str(part) for part in error["loc"]): error["msg"] for error in failure.errors}
        body = Problem(status=422, code="invalid", title="The request does not fit its schema.", details=where)
        return JsonResponse(body.model_dump(), status=422, content_type="application/problem+json")

    @api.exception_handler(HttpError)
    def on_http(request: HttpRequest, failure: HttpError) -> JsonResponse:
        body = Problem(status=failure.status_code, code=f"http-{failure.status_code}", title=str(failure))
        return JsonResponse(body.model_dump(), status=failure.status_code, content_type="application/problem+json")
