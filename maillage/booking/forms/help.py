"""The one question about help: its answers, each with its fee, and whether there is time for somebody to come."""

from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from maillage.booking.domain.money import cents_words
from maillage.booking.domain.support import Support


@dataclass(frozen=True, slots=True)
class HelpOffered:
    """What can be promised of help at the start and during the whole meeting.

    takes_minutes: what it would take for somebody to come, if that is too long, else 0. is_wanted: asked for already.
    """

    start: Support = field(default_factory=Support)
    whole: Support = field(default_factory=Support)
    takes_minutes: int = 0
    is_wanted: bool = False

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers that can be promised: their value carries the fee, so that one that changed is asked again."""
        choices = [("", _("No, we will manage"))]
        for value, words, support in (
            ("on", _("Yes, from afar, at the start"), self.start),
            ("first", _("It is our first time: somebody beside us all along"), self.whole),
        ):
            if support.is_possible and support.fee_cents:
                said = {"words": words, "fee": cents_words(support.fee_cents)}
                words = _("%(words)s (on call at that hour: %(fee)s)") % said  # noqa: PLW2901
                choices.append((f"{value}-{support.fee_cents}", words))
            elif support.is_possible:
                choices.append((value, words))
        return choices

    @property
    def wanted(self) -> str:
        """The answer already given: the one about the start, if it can be promised."""
        return next((value for value, _words in self.choices if self.is_wanted and value.startswith("on")), "")

    def fill(self, question: forms.Field) -> None:
        """Give the question its answers, and say when there is only one."""
        choices = self.choices
        question.choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            question.help_text = _("Nobody can help at that hour: choose another one if you need somebody.")
