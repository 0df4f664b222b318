"""What is refused around a room that somebody must open, or say yes to."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Gone, Invalid


class OpeningTooSoon(Invalid):
    """The point has to be asked, and there is not enough time left for its answer."""

    code = "opening-too-soon"
    message = gettext_noop("%(rooms)s must be asked earlier: somebody has to answer, then to come and open.")
    next_step = gettext_noop("Choose a later time, a time when it is open, or call the place.")


class AnsweredOneByOne(Conflict):
    """A change of hour, or of room, to where a point answers each request."""

    code = "answered-one-by-one"
    message = gettext_noop("%(rooms)s answers each request by itself.")
    next_step = gettext_noop("Ask for that time alone: search again, and cancel this one if you no longer need it.")


class OpeningAnswered(Conflict):
    """Somebody else of the point was faster."""

    code = "opening-answered"
    message = gettext_noop("This request was already answered: %(answer)s.")
    next_step = gettext_noop("There is nothing more to do. To change it, call the organiser.")


class OpeningTooLate(Gone):
    """The time to answer has passed; the organiser was told."""

    code = "opening-too-late"
    message = gettext_noop(
        "The time to answer was until %(until)s. The organiser was told, and the room is free again."
    )
    next_step = gettext_noop("If you can open after all, call the organiser: they can ask again.")


class OpeningWithdrawn(Gone):
    """The organiser cancelled, or asked for something else since."""

    code = "opening-withdrawn"
    message = gettext_noop("This request no longer stands: the organiser cancelled it or changed the hour.")
    next_step = gettext_noop("There is nothing to do. A newer message, if there is one, holds the present request.")


class OpeningNotYours(Forbidden):
    """A link sent to an address that no longer answers for the point, or an agent's own link, forwarded."""

    code = "opening-not-yours"
    message = gettext_noop("This link was sent to somebody who does not, or no longer, answer for %(point)s.")
    next_step = gettext_noop("Ask the point for the message it received, or sign in.")


class OtherTimesWrong(Invalid):
    """No other time, too many, one that is past, or the time that was asked."""

    code = "other-times-wrong"
    message = gettext_noop("Propose one to %(most)s other times, all to come and different from the one asked.")
    next_step = gettext_noop("Correct the times: nothing was sent.")


class OtherTimeGone(Conflict):
    """A time that was not proposed, or no longer stands."""

    code = "other-time-gone"
    message = gettext_noop("This time is no longer proposed.")
    next_step = gettext_noop("Choose another of the times shown, or search again.")
