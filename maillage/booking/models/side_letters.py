"""Mails to somebody about what is no meeting: a key they have, an hour they wait for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SideLetterKind(models.TextChoices):
    """What is said; composed when it leaves, from what holds then."""

    KEY_LATE = "key-late", _("a key to bring back")
    WAIT_BEGUN = "wait-begun", _("a place in the waiting list")
    WAIT_OFFER = "wait-offer", _("a slot offered")
    WAIT_MISSED = "wait-missed", _("no longer in the waiting list")


class SideLetter(models.Model):
    """One mail to one person. Its unique `key` keeps it from being written twice. Deleted some weeks later."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=SideLetterKind)
    about = models.PositiveBigIntegerField(help_text=_("the loan, or the wish, that it is about"))
    recipient = models.EmailField(_("to"))
    due_at = models.DateTimeField(db_index=True, help_text=_("not tried before"))
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True, help_text=_("what the mail server said last"))

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("letter apart")
        verbose_name_plural = _("letters apart")

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
