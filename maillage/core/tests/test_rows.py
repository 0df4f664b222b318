"""Rows inserted in plain SQL: the same as the ORM's."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from maillage.core.journal import journal_line, record
from maillage.core.models import JournalEntry
from maillage.core.rows import insert_rows

pytestmark = pytest.mark.django_db


def test_rows_get_their_ids_in_order_and_read_back_the_same(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lines = [journal_line("test.done", f"thing:{n}", through="task", rooms=[n, 2], name="Quimperlé") for n in range(3)]
    with django_assert_num_queries(1):
        insert_rows(lines)
    assert [line.pk for line in lines] == sorted(line.pk for line in lines)
    for line in lines:
        kept = JournalEntry.objects.get(pk=line.pk)
        assert (kept.subject, kept.details, kept.at) == (line.subject, line.details, line.at)
    lines[0].verb = "test.changed"
    lines[0].save()  # it knows that it is in the database
    assert JournalEntry.objects.count() == 3


def test_no_row_is_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        insert_rows([])


def test_a_conflict_is_an_integrity_error_and_leaves_nothing() -> None:
    record("test.done", "thing:1", through="task")
    twice = journal_line("test.done", "thing:2", through="task")
    twice.at = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([journal_line("test.done", "thing:3", through="task"), twice])
    assert JournalEntry.objects.count() == 1
    assert JournalEntry.objects.get().at.astimezone(UTC) <= datetime.now(UTC)
