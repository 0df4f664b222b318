"""The pages that belong to no other app, and what each refuses."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from maillage.portal.mailbox import DemoMailbox
from maillage.portal.models import DemoMail

pytestmark = pytest.mark.django_db
TOKEN = "1842.68f0c3aa.kZ9Xq-Jd_0aBcDeFgHiJkLmNoPq"


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def kept_mail(html: str = '<p>Bonjour</p><script>alert("x")</script>') -> DemoMail:
    message = EmailMultiAlternatives("Votre réunion", "Bonjour", "nous@maillage.invalid", ["vous@exemple.invalid"])
    message.attach_alternative(html, "text/html")
    message.attach("réunion.ics", "BEGIN:VCALENDAR", "text/calendar")
    assert DemoMailbox().send_messages([message]) == 1
    return DemoMail.objects.get()


def test_the_home_page_says_what_the_network_is_for(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "fr"}).content.decode()
    assert "Réunir des gens, sans la route." in page
    assert "Rejoindre une réunion" in page


@pytest.mark.parametrize("path", ["/comment-ca-marche", "/accessibilite", "/mentions-legales", "/rejoindre"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_opens_in_both_languages(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


def test_a_pasted_link_opens_its_meeting(client: Client) -> None:
    answer = client.get("/rejoindre", {"code": f"https://maillage.example/r/{TOKEN}"})
    assert (answer.status_code, answer["Location"]) == (302, f"/r/{TOKEN}")


def test_a_reference_alone_opens_nothing_and_says_why(client: Client) -> None:
    answer = client.get("/rejoindre", {"code": "k7q2 m4"}, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "K7Q2-M4 is the reference of a booking, not its key." in answer.content.decode()


def test_a_text_that_is_no_link_is_kept_as_typed_and_harmless(client: Client) -> None:
    answer = client.get("/rejoindre", {"code": '"><script>x</script>'}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "We do not recognise this link." in page


def test_the_health_page_tells_whether_the_database_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/sante").json() == {"status": "well", "database": "reachable"}

    def unreachable() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", unreachable)
    answer = client.get("/sante")
    assert (answer.status_code, answer.json()["status"]) == (503, "unwell")


def test_search_engines_are_kept_out_of_what_belongs_to_people(client: Client, settings: Settings) -> None:
    assert "Disallow: /r/\n" in client.get("/robots.txt").content.decode()
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_keeps_its_mail_to_be_read(client: Client) -> None:
    mail = kept_mail()
    listed = client.get("/demo/courrier").content.decode()
    assert "Votre réunion" in listed
    assert "vous@exemple.invalid" in listed
    shown = client.get(f"/demo/courrier/{mail.pk}").content.decode()
    assert "réunion.ics" in shown
    assert "<script>alert" not in shown
    file = client.get(f"/demo/courrier/{mail.pk}/piece/0")
    assert file.content == b"BEGIN:VCALENDAR"
    assert file["Content-Disposition"].startswith("attachment")
    assert client.get(f"/demo/courrier/{mail.pk}/piece/1").status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_the_page_of_a_mail_runs_no_script_and_loads_nothing(client: Client) -> None:
    policy = client.get(f"/demo/courrier/{kept_mail().pk}/page")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script" not in policy


@pytest.mark.parametrize("path", ["", "/1", "/1/page", "/1/piece/0"])
def test_outside_a_demonstration_there_is_no_mailbox(client: Client, path: str) -> None:
    kept_mail()
    assert client.get(f"/demo/courrier{path}").status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/nulle-part", 404), ("/demo/courrier/9", 404)])
def test_a_refusal_says_what_happened_and_what_to_do(client: Client, path: str, status: int) -> None:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == status
    assert "There is nothing here." in answer.content.decode()
    assert "start again from the home page" in answer.content.decode()


def test_a_form_from_another_site_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/langue/", {"language": "en"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()
