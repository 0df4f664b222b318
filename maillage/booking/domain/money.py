"""Cents as people and accountants read them. Whole numbers only: no float ever touches an amount."""

from maillage.core.words import NARROW, number_words


def cents_words(cents: int, language: str = "") -> str:
    """Return « 30 € », « 12,50 € », « −1 200 € », or « €12.50 » in English; the active language if none is given."""
    euros, rest = divmod(abs(cents), 100)
    french = number_words(1.5, language, 1) == "1,5"
    figures = number_words(euros, language) + (f"{',' if french else '.'}{rest:02}" if rest else "")
    sign = "−" if cents < 0 else ""
    return f"{sign}{figures}{NARROW}€" if french else f"{sign}€{figures}"


def cents_decimal(cents: int) -> str:
    """Return « 12,50 » or « -12,50 »: what a French spreadsheet reads as a number."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"
