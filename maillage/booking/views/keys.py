"""« Clés »: who has which key, lent from today's meetings, taken back in one press; the codes of doors to write."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.errors.keys import UnknownKey
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.forms.keys import LoanForm, NewKeyForm
from maillage.booking.models import KeyLoan, RoomKey
from maillage.booking.selectors.keys import Expected, KeyBoard, key_board
from maillage.booking.services.door_codes import write_door_code
from maillage.booking.services.keys import add_key, lend_key, set_key_aside, take_key_back
from maillage.booking.views.planning import agent_of
from maillage.booking.views.search import zone
from maillage.core.errors import DomainError
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after

_BLANK_LINES = 6


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """Show the keys of an agent's rooms; do what a button asks, each act on its own."""
    now = timezone.now()
    rooms = _rooms(request)
    board = key_board(rooms_looked_after(agent_of(request)), now=now)
    if request.method != "POST":
        return _page(request, rooms, board, now)
    act = _Act(request, rooms, board, now)
    verbs: dict[str, Callable[[], bool]] = {
        "lend": act.lend, "return": act.take_back, "add": act.add, "aside": act.set_aside,
        "loan": act.lend_without_booking, "code": act.write_code,
    }  # fmt: skip
    try:
        done = verbs.get(request.POST.get("act", ""), lambda: True)()
    except DomainError as refusal:
        board = key_board(rooms_looked_after(agent_of(request)), now=now)
        return _page(request, rooms, board, now, refusal=refusal, forms=act.forms, status=refusal.status)
    if not done:
        return _page(request, rooms, board, now, forms=act.forms, status=422)
    return HttpResponseRedirect(reverse("booking:keys"), status=303)


@require_GET
@login_required
@never_cache
def key_sheet(request: HttpRequest) -> HttpResponse:
    """The sheet of loans, to print and to sign by hand."""
    now = timezone.now()
    _rooms(request)
    board = key_board(rooms_looked_after(agent_of(request)), now=now)
    context = {"board": board, "today": now.astimezone(zone()).date(), "blank_lines": range(_BLANK_LINES)}
    return render(request, "booking/key_sheet.html", context)


class _Act:
    """One press on the keys' screen: each verb tells whether what was typed was right."""

    def __init__(self, request: HttpRequest, rooms: list[Room], board: KeyBoard, now: datetime) -> None:
        self.data, self.board, self.now = request.POST, board, now
        self.rooms = rooms
        self.agent_id = agent_of(request).pk
        self.language = (get_language() or "fr")[:2]
        self.forms: dict[str, Any] = {}

    def lend(self) -> bool:
        """Lend a key to the people of one of today's meetings."""
        meeting = self._expected(self.board.today)
        booking = meeting.booking
        mine = meeting.party.position == 0
        lend_key(
            key_id=self._key().pk,
            booking_id=booking.pk,
            holder=meeting.holder,
            email=booking.organiser_email if mine else meeting.party.email,
            phone=booking.organiser_phone if mine else "",
            language=booking.language,
            due_at=meeting.due_at,
            now=self.now,
            agent_id=self.agent_id,
        )
        return True

    def lend_without_booking(self) -> bool:
        """Lend a key to somebody who has no meeting."""
        form = LoanForm(self.data, keys=[state.key for state in self.board.free], today=self.now.date())
        self.forms["loan"] = form
        if not form.is_valid():
            return False
        email, phone = form.cleaned_data["reach"]
        lend_key(
            key_id=int(form.cleaned_data["key"]),
            holder=form.cleaned_data["holder"],
            email=email,
            phone=phone,
            language=self.language,
            due_at=form.cleaned_data["due_at"],
            now=self.now,
            agent_id=self.agent_id,
        )
        return True

    def take_back(self) -> bool:
        """Note that a key is back."""
        loan = KeyLoan.objects.filter(pk=_number(self.data.get("loan")), key__room__in=self.rooms).first()
        if loan is None:
            raise UnknownKey
        take_key_back(loan_id=loan.pk, now=self.now, agent_id=self.agent_id)
        return True

    def add(self) -> bool:
        """Add a key to a room."""
        form = NewKeyForm(self.data, rooms=self.rooms)
        self.forms["new"] = form
        if not form.is_valid():
            return False
        add_key(room_id=int(form.cleaned_data["room"]), label=form.cleaned_data["label"], agent_id=self.agent_id)
        return True

    def set_aside(self) -> bool:
        """Stop lending a key."""
        set_key_aside(key_id=self._key().pk, agent_id=self.agent_id)
        return True

    def write_code(self) -> bool:
        """Write the code of a door for one coming meeting."""
        meeting = self._expected(self.board.codes)
        write_door_code(
            room_id=meeting.room.pk,
            booking_id=meeting.booking.pk,
            code=self.data.get("code", ""),
            now=self.now,
            agent_id=self.agent_id,
        )
        return True

    def _key(self) -> RoomKey:
        """Return the key named, one of those in use in this agent's rooms. Raises UnknownKey."""
        key = RoomKey.objects.filter(pk=_number(self.data.get("key")), room__in=self.rooms, is_in_use=True).first()
        if key is None:
            raise UnknownKey
        return key

    def _expected(self, shown: tuple[Expected, ...]) -> Expected:
        """Return the meeting of the row whose button was pressed. Raises UnknownKey."""
        party_id = _number(self.data.get("party"))
        found = next((meeting for meeting in shown if meeting.party.pk == party_id), None)
        if found is None:
            raise UnknownKey
        return found


def _rooms(request: HttpRequest) -> list[Room]:
    rooms = list(rooms_looked_after(agent_of(request)).order_by("point__name", "name"))
    if not rooms:
        raise NoRoomToLookAfter
    return rooms


def _page(
    request: HttpRequest,
    rooms: list[Room],
    board: KeyBoard,
    now: datetime,
    *,
    refusal: DomainError | None = None,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    given = forms or {}
    today = now.astimezone(zone()).date()
    at_hand = [state.key for state in board.free]
    context = {
        "board": board,
        "new": given.get("new") or NewKeyForm(rooms=rooms),
        "loan": given.get("loan") or LoanForm(keys=at_hand, today=today),
        "refusal": refusal,
    }
    return render(request, "booking/keys.html", context, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
