"""What may be refused, and how it is said. Every refusal in Maillage is one of these, with a stable code.

`code` never changes once published: clients and people's notes rely on it. `message` is a translatable sentence
that says what happened; `next_step` says the one thing to do now. Both may use the keys of `details`.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop


class DomainError(Exception):
    """A refusal that a person will read. Subclasses fix `code`, `status`, `message` and `next_step`."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    message: ClassVar[str] = gettext_noop("This cannot be done.")
    next_step: ClassVar[str] = gettext_noop("Go back and try again: nothing was changed.")

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.code, details)

    def sentence(self) -> str:
        """Return what happened, in the active language."""
        return gettext(self.message) % self._worded()

    def advice(self) -> str:
        """Return the one thing to do next, in the active language."""
        return gettext(self.next_step) % self._worded()

    def _worded(self) -> dict[str, Any]:
        return {key: str(value) if isinstance(value, Promise) else value for key, value in self.details.items()}


class Invalid(DomainError):
    """What was entered cannot be right."""

    code = "invalid"
    status = 422
    message = gettext_noop("Something entered is not right.")
    next_step = gettext_noop("Correct it and send again: what you entered is kept.")


class Conflict(DomainError):
    """The world changed meanwhile: someone else was faster, or the thing is not in the right state."""

    code = "conflict"
    status = 409


class Unauthorised(DomainError):
    """A program must say who it is, or what it says of itself is not known. Never for people: they have links."""

    code = "unauthorised"
    status = 401
    message = gettext_noop("This is for programs that say who they are.")
    next_step = gettext_noop("Send the access token of your organisation: Authorization: Bearer …")


class Forbidden(DomainError):
    """The person may not do this."""

    code = "forbidden"
    status = 403
    message = gettext_noop("This is not open to you.")
    next_step = gettext_noop("Use the link you received, or ask the person who invited you.")


class Missing(DomainError):
    """There is no such thing, or none that this person may see: the two are told alike."""

    code = "missing"
    status = 404
    message = gettext_noop("There is nothing here.")
    next_step = gettext_noop("Check the address, or start again from the home page.")


class Gone(DomainError):
    """It existed and is over."""

    code = "gone"
    status = 410


class TooMany(DomainError):
    """The same person or address asks too often."""

    code = "too-many-requests"
    status = 429
    message = gettext_noop("Too many requests came from your connection.")
    next_step = gettext_noop("Wait %(wait_seconds)s seconds, then try again: nothing was lost.")


class WrongMethod(DomainError):
    """The address exists, but not for what was asked of it: a reading where there is only an act, or the reverse."""

    code = "method-not-allowed"
    status = 405
    message = gettext_noop("This cannot be asked here in that way.")
    next_step = gettext_noop("Ask it in one of these ways: %(methods)s.")


class TooLarge(DomainError):
    """The request is bigger than anything a person would send."""

    code = "too-large"
    status = 413
    message = gettext_noop("What was sent is too large.")
    next_step = gettext_noop("Send a shorter text.")


def all_codes(root: type[DomainError] = DomainError) -> dict[str, type[DomainError]]:
    """Return every published code with its class, for the tests that hold the documentation to the code."""
    found = {root.code: root}
    for child in root.__subclasses__():
        found.update(all_codes(child))
    return found


def is_nul(failure: Exception) -> bool:
    """Tell whether a database refused a text for its NUL character: PostgreSQL keeps none, and nobody types one."""
    return "NUL (0x00)" in str(failure)
