"""How a meeting is led: who may enter, who has the floor, what is on the agenda, what was written and said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EntryRule(models.TextChoices):
    """One rule for browsers, codes, telephones and terminals alike."""

    OPEN = "open", _("everyone who has the link or the code enters")
    KNOCK = "knock", _("someone opens to each side")


class KnockAnswer(models.TextChoices):
    """What those inside said to a side that waits."""

    WAITING = "", _("not answered yet")
    ADMITTED = "admitted", _("let in")
    REFUSED = "refused", _("not let in")


class Conduct(models.Model):
    """How one meeting is led, prepared before it and changed under its conference's row.

    `version` grows at each change: of two accounts of a meeting, the later one holds. `floor` and `agenda` are written
    by `domain.floor_record`; `introductions` are sentences by party.
    """

    booking = models.OneToOneField("booking.Booking", models.CASCADE, related_name="conduct")
    version = models.PositiveIntegerField(default=0)
    entry_rule = models.CharField(_("who may enter"), max_length=5, choices=EntryRule, default=EntryRule.OPEN)
    leader = models.ForeignKey(
        "booking.Party", models.SET_NULL, null=True, blank=True, related_name="+", help_text=_("leads when it is in")
    )
    floor = models.JSONField(default=dict, blank=True)
    agenda = models.JSONField(default=dict, blank=True)
    introductions = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("conduct of a meeting")
        verbose_name_plural = _("conduct of meetings")
        constraints = [
            models.CheckConstraint(name="conduct_entry_rule_known", condition=Q(entry_rule__in=EntryRule.values))
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.version}"


class Knock(models.Model):
    """A side that waits at the door of a meeting. One a side, answered by one of those inside or by the concierge."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="knocks")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="knocks")
    asked_at = models.DateTimeField()
    last_heard_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=KnockAnswer, default=KnockAnswer.WAITING, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("side at the door")
        verbose_name_plural = _("sides at the door")
        constraints = [
            models.UniqueConstraint(fields=["conference", "party"], name="knock_once_a_party"),
            models.CheckConstraint(
                name="knock_answered_has_time",
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.answer or 'waiting'}"


class ChatLine(models.Model):
    """One line written by a side. `key` is drawn by its page: the same line sent twice is one line."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="chat_lines")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    key = models.CharField(max_length=36)
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("written line")
        verbose_name_plural = _("written lines")
        constraints = [
            models.UniqueConstraint(fields=["conference", "party", "key"], name="chat_line_once"),
            models.CheckConstraint(name="chat_line_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} @ {self.at:%H:%M}"


class Spoken(models.Model):
    """How long a side was heard to speak in a meeting. A side, never a person: no voice is told from another."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="spoken")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="spoken")
    seconds = models.FloatField(default=0)
    told_at = models.DateTimeField(help_text=_("up to when it was counted"))

    class Meta:
        verbose_name = _("time spoken")
        verbose_name_plural = _("times spoken")
        constraints = [
            models.UniqueConstraint(fields=["conference", "party"], name="spoken_once_a_party"),
            models.CheckConstraint(name="spoken_not_negative", condition=Q(seconds__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.seconds:.0f} s"


class CodeGuest(models.Model):
    """A side that came in by typing the code. `request_key` is the form's: the same form sent twice makes one side."""

    party = models.OneToOneField("booking.Party", models.CASCADE, related_name="code_guest")
    request_key = models.CharField(max_length=36, unique=True)
    arrived_at = models.DateTimeField()

    class Meta:
        verbose_name = _("guest by code")
        verbose_name_plural = _("guests by code")

    def __str__(self) -> str:
        return f"{self.party_id}"
