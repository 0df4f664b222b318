"""What public sessions and their seats refuse."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Gone, Invalid, Missing


class UnknownSession(Missing):
    """No public session at this address."""

    code = "session-unknown"
    message = gettext_noop("There is no public session here.")
    next_step = gettext_noop("See those to come: one may be near you.")


class SessionShut(Gone):
    """Seats can no longer be taken: it has begun, was cancelled, or its organiser closed it."""

    code = "session-shut"
    message = gettext_noop("Seats can no longer be taken at this session.")
    next_step = gettext_noop("See the other sessions to come.")


class NoPlaceToReceive(Invalid):
    """Nobody would receive the public: no other room, or no seat in any."""

    code = "no-place-to-receive"
    message = gettext_noop("Give seats in one room at least.")
    next_step = gettext_noop("Write how many people each room can receive, then publish again.")


class TooManySeats(Invalid):
    """More seats than the room holds."""

    code = "too-many-seats"
    message = gettext_noop("%(room)s has %(capacity)s places.")
    next_step = gettext_noop("Offer fewer seats there.")


class SeatsGiven(Conflict):
    """Fewer seats than people already have there."""

    code = "seats-given"
    message = gettext_noop("%(count)s seats are already taken in %(room)s.")
    next_step = gettext_noop("Keep at least that many.")
