"""What is written in a meeting is kept no longer than said."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from maillage.conference.models import ChatLine, Conference, EndReason
from maillage.conference.services import end_meeting, open_conference
from maillage.conference.tasks import forget_written_lines
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def written_in_a_meeting() -> Conference:
    booking = make_meeting()
    callac, _ = parties_of(booking)
    enter(callac)
    conference = open_conference(booking.pk)
    ChatLine.objects.create(conference=conference, party=callac, key="line-0001", at=NINE, text="Bonjour")
    return conference


def test_lines_go_the_days_after_the_meeting_that_the_network_chose_and_no_sooner(settings: Settings) -> None:
    settings.CHAT_KEPT_DAYS = 30
    over, goes_on = written_in_a_meeting(), written_in_a_meeting()
    end_meeting(conference_id=over.pk, reason=EndReason.ENDED, party_id=None, now=NINE)
    assert forget_written_lines(NINE + 29 * DAY) == 0
    assert forget_written_lines(NINE + 31 * DAY) == 1
    assert forget_written_lines(NINE + 31 * DAY) == 0
    assert list(ChatLine.objects.values_list("conference", flat=True)) == [goes_on.pk]
