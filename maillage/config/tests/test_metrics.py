"""Figures for those who watch the servers: true, for the holder of the token alone, and without anybody's name."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from maillage.conference.models import QualitySample
from maillage.conference.tests.factories import enter, make_meeting, parties_of
from maillage.core.metrics import exposition

pytestmark = pytest.mark.django_db


def test_a_live_meeting_is_counted_with_how_it_is_heard_and_without_a_name() -> None:
    now = timezone.now()
    callac, rennes = parties_of(make_meeting())
    stay = enter(callac).stay_id
    enter(rennes)
    for share in (0.02, 0.06):
        QualitySample.objects.create(attendance_id=stay, remote=rennes, at=now, concealed_in=share)
    lines = exposition().decode().splitlines()
    assert "maillage_meetings_live 1.0" in lines
    assert f'maillage_sides_in{{kind="{callac.kind}"}} 2.0' in lines
    assert "maillage_sound_missed_share 0.04" in lines
    assert "maillage_sound_missed_share_worst 0.06" in lines
    assert "Callac" not in "".join(lines)


def test_the_page_is_there_for_the_holder_of_the_token_alone(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    right = {"Authorization": "Bearer s3cret"}
    assert client.get("/metrics", headers=right).status_code == 404
    settings.METRICS_TOKEN = "s3cret"
    for wrong in ({}, {"Authorization": "Bearer S3cret"}, {"Authorization": "s3cret"}):
        assert client.get("/metrics", headers=wrong).status_code == 404
    with django_assert_num_queries(12):
        answer = client.get("/metrics", headers=right)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"maillage_tickets_open" in answer.content
