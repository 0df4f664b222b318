"""The accountant's file: one row for each line of each receipt. Its columns never change order nor name."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Final

from maillage.booking.errors.tariffs import AccountsPeriodWrong

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One row. The names are the file's columns: French, since French accountants import them."""

    numero: str
    date: str
    emetteur: str
    siret: str
    annule: str
    reference: str
    jour: str
    duree_minutes: int
    salle: str
    motif: str
    unite: str
    quantite: int
    prix_unitaire: str
    montant: str
    payeur: str
    regle_le: str
    mode: str


COLUMNS = tuple(field.name for field in fields(AccountRow))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AMOUNTS = {COLUMNS.index("prix_unitaire"), COLUMNS.index("montant")}


def accounts_csv(rows: Iterable[AccountRow]) -> str:
    """Return the file: semicolons and decimal commas, a byte-order mark so that spreadsheets read the accents.

    A text that a spreadsheet would run as a formula is defused by an apostrophe; amounts are left as numbers.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_defused(index, value) for index, value in enumerate(astuple(row)))
    return out.getvalue()


def check_accounts_period(first_day: date, last_day: date) -> None:
    """Raises AccountsPeriodWrong unless it is a year at most, in order."""
    if not 0 <= (last_day - first_day).days < MOST_DAYS:
        raise AccountsPeriodWrong


def _defused(index: int, value: object) -> object:
    dangerous = isinstance(value, str) and index not in _AMOUNTS and value.startswith(_FORMULA)
    return f"'{value}" if dangerous else value
