import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from maillage.config import checkup


@pytest.mark.django_db
def test_an_empty_network_is_told_what_to_load() -> None:
    finding = checkup.check_territory()
    assert finding.state == "wrong"
    assert "import_communes" in finding.mend


def test_an_address_without_tls_is_wrong_beyond_this_computer(settings: Settings) -> None:
    settings.BASE_URL = "http://visio.example"
    assert checkup.check_address().state == "wrong"
    settings.BASE_URL = "https://visio.example"
    assert checkup.check_address().state == "ok"


def test_a_relay_that_nobody_answers_for_is_wrong(settings: Settings) -> None:
    settings.TURN_URLS = ["turn:127.0.0.1:9?transport=tcp"]
    settings.TURN_SECRET = ""
    assert "TURN_SECRET" in checkup.check_relay().mend
    settings.TURN_SECRET = "shared"
    assert checkup.check_relay().state == "wrong"


def test_mail_that_cannot_be_handed_over_is_wrong(settings: Settings) -> None:
    settings.DEMO = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert checkup.check_mail().state == "wrong"


def test_redis_that_does_not_answer_is_wrong(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert checkup.check_redis().state == "wrong"


@pytest.mark.django_db
def test_every_finding_that_is_not_well_says_how_to_mend_it(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    for finding in checkup.examine():
        assert finding.state == "ok" or finding.mend, finding


@pytest.mark.django_db
def test_doctor_ends_with_1_and_prints_json_when_something_is_wrong() -> None:
    printed = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True, stdout=printed)
    findings = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert ended.value.code == 1
    assert {"what", "state", "says", "mend"} == set(findings[0])
