"""What the house itself keeps of people: the journal, the text messages, what ran, who was signed in."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from maillage.core.forgetting import Found, Person, keeps
from maillage.core.models import JournalEntry, TextMessage
from maillage.core.short_links import forget_short_links


def erase_texts(person: Person, now: datetime, really: bool) -> Found:
    """Erase the text messages to a number, those still to be sent excepted."""
    if not person.phone:
        return Found()
    mine = TextMessage.objects.filter(number=person.phone)
    over = mine.filter(until__lt=now)
    count, kept = over.count(), mine.exclude(until__lt=now).count()
    if really:
        over.delete()
    return Found(count, kept)


@keeps(
    "texts",
    days=90,
    what=_("text messages: number, words"),
    why=_("to say what was sent when somebody asks"),
    erase=erase_texts,
    why_kept=_("a message about a meeting to come still has to leave"),
)
def forget_texts(before: datetime) -> int:
    """Delete the text messages whose time was over before."""
    return TextMessage.objects.filter(until__lt=before).delete()[0]


@keeps(
    "journal",
    days=1095,
    what=_("journal: who of the network did what, and when"),
    why=_("to explain a mistake, a dispute or an intrusion"),
)
def forget_journal(before: datetime) -> int:
    """Delete the lines of the journal, and those of the administration."""
    return (
        JournalEntry.objects.filter(at__lt=before).delete()[0]
        + LogEntry.objects.filter(action_time__lt=before).delete()[0]
    )


@keeps(
    "traces",
    days=30,
    what=_("technical traces: sessions that ended, tasks that ran, short addresses"),
    why=_("to find why something did not work"),
)
def forget_traces(before: datetime) -> int:
    """Delete what ended before."""
    count = Session.objects.filter(expire_date__lt=before).delete()[0]
    count += DBTaskResult.objects.filter(finished_at__lt=before).delete()[0]
    return count + forget_short_links(min(before, timezone.now()))
