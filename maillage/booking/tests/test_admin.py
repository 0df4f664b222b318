"""Packages and organisations known by their e-mail, written in the administration."""

import pytest
from django.test import Client

from maillage.booking.models import Beneficiary, Package
from maillage.booking.tests.factories import make_rooms
from maillage.core.models import JournalEntry

pytestmark = pytest.mark.django_db
HERE = "/administration/booking"


def test_a_package_and_who_has_it_are_written_and_journalled(admin_client: Client) -> None:
    host = make_rooms("Callac")[0].point.host_id
    package = {"host": host, "name": "Pépinière", "monthly_quarters": "4", "overage_cents": "1000"}
    assert admin_client.post(f"{HERE}/package/add/", {**package, "monthly_quarters": "9999"}).status_code == 200
    assert admin_client.post(f"{HERE}/package/add/", {**package, "overage_cents": "900000"}).status_code == 200
    assert not Package.objects.exists()
    assert admin_client.post(f"{HERE}/package/add/", package).status_code == 302
    kept = Package.objects.get()
    known = {"host": host, "name": "Jumelage", "email": "@Jumelage.EXAMPLE", "group": "twinning", "package": kept.pk}
    assert admin_client.post(f"{HERE}/beneficiary/add/", {**known, "email": "jumelage.example"}).status_code == 200
    assert admin_client.post(f"{HERE}/beneficiary/add/", known).status_code == 302
    assert Beneficiary.objects.get().email == "@jumelage.example"
    assert admin_client.get(f"{HERE}/beneficiary/?q=jumelage").status_code == 200
    assert admin_client.post(f"{HERE}/package/{kept.pk}/delete/", {"post": "yes"}).status_code == 302
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"package.edited", "beneficiary.edited", "package.removed"} <= verbs


def test_another_hosts_package_is_refused(admin_client: Client) -> None:
    callac, rennes = make_rooms()
    theirs = Package.objects.create(host_id=rennes.point.host_id, name="Le leur", monthly_quarters=4)
    known = {"host": callac.point.host_id, "name": "A", "email": "a@a.example", "group": "partner"}
    answer = admin_client.post(f"{HERE}/beneficiary/add/", {**known, "package": theirs.pk})
    form = answer.context["adminform"].form
    assert [error.code for error in form.non_field_errors().as_data()] == ["other-host"]
    assert not Beneficiary.objects.exists()
