"""What an organiser writes of a public session, and what somebody who takes a seat is asked."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maillage.booking.forms.contact import LineField
from maillage.booking.forms.on_behalf import ReachField
from maillage.booking.models import Broadcast, BroadcastPlace
from maillage.booking.selectors.broadcasts import left_at
from maillage.booking.selectors.meetings import Side
from maillage.core.sms import can_text, is_mobile


class SessionForm(forms.Form):
    """Title, description, and the seats of each receiving room."""

    title = LineField(label=_("Title of the session"), max_length=120)
    description = forms.CharField(
        label=_("What it is about, for whom"), max_length=2000, widget=forms.Textarea({"rows": 5})
    )
    is_open = forms.BooleanField(label=_("Seats can be taken"), required=False)

    def __init__(self, data: Any = None, *, sides: Sequence[Side], known: Broadcast | None = None) -> None:
        places = {place.party_id: place.seats for place in known.places.all()} if known else {}
        initial = {"is_open": known is None or known.is_open}
        if known:
            initial |= {"title": known.title, "description": known.description}  # type: ignore[dict-item]
        super().__init__(data, initial=initial)
        self.positions = [side.party.position for side in sides]
        for side in sides:
            room = side.room
            self.fields[f"seats_{side.party.position}"] = forms.IntegerField(
                label=_("Seats in %(place)s") % {"place": side.point.name if side.point else side.place},
                help_text=_("%(capacity)s places in the room") % {"capacity": room.capacity if room else 0},
                min_value=0,
                max_value=room.capacity if room else 0,
                initial=places.get(side.party.pk, room.capacity if room and known is None else 0),
            )
        self.order_fields(["title", "description", *(f"seats_{position}" for position in self.positions), "is_open"])

    def seats(self) -> dict[int, int]:
        """Return the seats by position of the party."""
        return {position: self.cleaned_data[f"seats_{position}"] for position in self.positions}


class SeatForm(forms.Form):
    """Where, and who: three answers."""

    place = forms.TypedChoiceField(label=_("Where will you come?"), coerce=int, widget=forms.RadioSelect)
    name = LineField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    reach = ReachField(
        label=_("Your e-mail or mobile number"),
        max_length=254,
        help_text=_("Your seat is confirmed there; you can give it back from there too."),
        widget=forms.TextInput({"autocomplete": "email"}),
    )

    def __init__(self, data: Any = None, *, places: Sequence[BroadcastPlace] = ()) -> None:
        first = next((place.pk for place in places if left_at(place)), None)
        super().__init__(data, initial={"place": first})
        self.fields["place"].choices = [(place.pk, _place_words(place)) for place in places]  # type: ignore[attr-defined]
        if not can_text():
            self.fields["reach"].label = _("Your e-mail")

    def clean_reach(self) -> str:
        """Return the address in lower case or the digits of the number; refuse one that no message reaches."""
        email, phone = self.cleaned_data["reach"]
        if not email and not (can_text() and is_mobile(phone)):
            raise forms.ValidationError(_("Give an e-mail: no message can be sent to this number."), code="silent")
        return email.lower() or re.sub(r"[^\d+]", "", phone)


def _place_words(place: BroadcastPlace) -> str:
    room, left = place.party.room, left_at(place)
    where = f"{room.point.name}, {room.point.commune.name}" if room else place.party.name
    if left:
        said = ngettext("%(place)s: %(left)s seat left", "%(place)s: %(left)s seats left", left)
        return said % {"place": where, "left": left}
    return str(_("%(place)s: full, waiting list") % {"place": where})
