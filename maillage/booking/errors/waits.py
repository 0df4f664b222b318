"""What the waiting list refuses."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Gone


class TooManyWishes(Conflict):
    """Somebody waits for many things already."""

    code = "too-many-wishes"
    message = gettext_noop("You wait for %(most)s wishes already.")
    next_step = gettext_noop("Leave one of them by the link of its message, then wait for this one.")


class NothingToWaitFor(Gone):
    """A wish whose time is over."""

    code = "nothing-to-wait-for"
    message = gettext_noop("The time you wished for is over, or about to be.")
    next_step = gettext_noop("Search again for a later time.")


class OfferOver(Gone):
    """A slot offered to somebody in line who answers too late, or twice differently."""

    code = "offer-over"
    message = gettext_noop("This offer is over: it was kept for you until %(until)s.")
    next_step = gettext_noop("You stay in line unless you left it: the next slot that frees is offered to you.")
