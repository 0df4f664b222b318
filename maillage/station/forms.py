"""What is typed to link a screen, and what a station sends."""

from datetime import timedelta
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from maillage.accounts.models import User
from maillage.conference.models import Backdrop, BackdropKind
from maillage.points.models import Room
from maillage.station.domain.verdict import Measures
from maillage.station.rights import rooms_looked_after


class PairingForm(forms.Form):
    """The code shown on the screen and the room it stands in."""

    code = forms.CharField(
        label=_("Code shown on the screen"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    room = forms.ModelChoiceField(label=_("Room where the screen stands"), queryset=Room.objects.none())
    lasts = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=lambda days: timedelta(days=int(days)),
        required=False,
        empty_value=None,
        choices=[("", _("for good")), ("1", _("for a day")), ("7", _("for a week")), ("30", _("for a month"))],
        help_text=_("A screen that is lent stops by itself."),
    )
    replace = forms.BooleanField(label=_("This screen takes the place of the room's present one"), required=False)

    def __init__(self, *args: Any, agent: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = self.fields["room"]
        if isinstance(rooms, forms.ModelChoiceField):
            rooms.queryset = rooms_looked_after(agent)


class BackdropForm(forms.Form):
    """What hangs behind a room, and a picture of one's own: giving one chooses it."""

    kind = forms.ChoiceField(label=_("Behind your room"), choices=BackdropKind.choices, widget=forms.RadioSelect)
    picture = forms.FileField(
        label=_("Picture of your own"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at least 1280 by 720 pixels. Keep the middle calm: people sit there."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, present: Backdrop | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": present.kind if present else BackdropKind.NETWORK}
        super().__init__(*args, **kwargs)


class SelfTestIn(Schema):
    """What a station measured; see domain.verdict.Measures for the units."""

    occasion: str = Field(pattern="^(night|meeting|asked)$")
    reference: str = Field("", max_length=8)
    has_camera: bool
    has_microphone: bool
    image_luma: float | None = Field(None, ge=0, le=1)
    sound_dbfs: float | None = Field(None, ge=-200, le=10)
    noise_dbfs: float | None = Field(None, ge=-200, le=10)
    delay_ms: float | None = Field(None, ge=0, le=60_000)
    echo_left_db: float | None = Field(None, ge=-200, le=60)
    down_kbps: float | None = Field(None, ge=0, le=100_000_000)
    up_kbps: float | None = Field(None, ge=0, le=100_000_000)
    clock_ahead_s: float | None = Field(None, ge=-1e9, le=1e9)
    screen_width: int | None = Field(None, ge=1, le=32_768)
    screen_height: int | None = Field(None, ge=1, le=32_768)

    def measures(self) -> Measures:
        """Return what the rules judge."""
        return Measures(**self.dict(exclude={"occasion", "reference"}))


class WalkInIn(Schema):
    """What people without a booking chose on the screen: a room, an organisation that can be rung, or neither."""

    room: int | None = None
    way: int | None = None
    minutes: Literal[30, 60]
    key: str = Field(min_length=8, max_length=36, pattern=r"^[A-Za-z0-9-]+$")


class ReleaseIn(Schema):
    """The meeting whose rooms people give back."""

    reference: str = Field(max_length=8)
