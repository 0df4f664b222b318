"""What is shown in a meeting: documents brought, the page all look at, and how long things were shown."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A PDF brought by a party, for the time of the meeting. Its file is private, in `folder`; only pictures leave."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="documents")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(help_text=_("in bytes"))
    digest = models.CharField(max_length=64, help_text=_("SHA-256: the same file brought twice is one document"))
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["brought_at", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["conference", "digest"], name="document_once_in_a_meeting"),
            models.CheckConstraint(name="document_has_pages", condition=Q(pages__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Board(models.Model):
    """Where the shared page of a meeting stands. `version` grows with each change."""

    conference = models.OneToOneField("conference.Conference", models.CASCADE, related_name="board")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    page = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    shown_by = models.ForeignKey("booking.Party", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("shared page")
        verbose_name_plural = _("shared pages")

    def __str__(self) -> str:
        return f"{self.conference_id}: {self.document_id} / {self.page}"


class ShareKind(models.TextChoices):
    """What a side shows to the others."""

    SCREEN = "screen", _("a screen or a window")
    DOCUMENT = "document", _("a document")


class Share(models.Model):
    """That a side showed something, and how long: a fact. What it was is never kept."""

    conference = models.ForeignKey("conference.Conference", models.CASCADE, related_name="shares")
    party = models.ForeignKey("booking.Party", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ShareKind)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind"], condition=Q(ended_at__isnull=True), name="share_open_once_a_kind"
            ),
            models.CheckConstraint(
                name="share_ended_after_started",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.kind}"
