"""What a bridge may refuse."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, DomainError


class BridgeDown(DomainError):
    """A bridge server does not answer."""

    code = "bridge-down"
    status = 503
    message = gettext_noop("The bridge “%(server)s” does not answer.")
    next_step = gettext_noop("The meeting moves to another bridge by itself: wait a few seconds.")


class NoBridge(DomainError):
    """A conference needs a bridge and there is none, or none alive."""

    code = "no-bridge"
    status = 503
    message = gettext_noop("No bridge is available for a meeting of more than two sites.")
    next_step = gettext_noop("Two sites can talk directly. For more, call the help desk.")


class BridgeRefused(Conflict):
    """The bridge understood and refused: no such room, wrong state, or a fault of ours."""

    code = "bridge-refused"
    message = gettext_noop("The bridge refused: %(reason)s.")
    next_step = gettext_noop("Try again. If it comes back, call the help desk.")
