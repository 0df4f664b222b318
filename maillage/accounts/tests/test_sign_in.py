"""Signing in by a code, without a password, in plain words."""

import re

import pytest
from django.core import mail
from django.test import Client

from maillage.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_agent_signs_in_with_the_code_received_by_mail(client: Client) -> None:
    agent = User.objects.create_user(email="anne@exemple.invalid", password=None)
    asked = client.post("/compte/login/code/", {"email": agent.email}, headers={"accept-language": "fr"}, follow=True)
    assert "Nous venons d’écrire à" in asked.content.decode()
    assert mail.outbox[0].subject == "Votre code pour Maillage"
    code = re.search(r"^ {4}(\S+)$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    client.post("/compte/login/code/confirm/", {"code": code.group(1)})
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_a_wrong_code_is_refused_beside_its_field(client: Client) -> None:
    agent = User.objects.create_user(email="anne@exemple.invalid", password=None)
    client.post("/compte/login/code/", {"email": agent.email})
    page = client.post("/compte/login/code/confirm/", {"code": "WRONG1"}).content.decode()
    assert 'aria-invalid="true"' in page
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client: Client) -> None:
    page = client.get("/compte/signup/", headers={"accept-language": "fr"}, follow=True).content.decode()
    assert "Les comptes s’ouvrent sur invitation." in page
