"""Days of the planning in words, and the rooms of a page: in Python, for a template takes ten times as long for 90."""

from datetime import date
from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from maillage.booking.domain.planning import Block
from maillage.booking.selectors.planning import Cell, Planning, Row
from maillage.core.templatetags.icons import icon
from maillage.core.words import date_words

register = template.Library()


@register.filter
def date_in_words(day: date) -> str:
    """Return « mardi 24 novembre »."""
    return date_words(day)


@register.filter
def short_day(day: date) -> str:
    """Return « mar. 24 »."""
    return date_format(day, "D j")


@register.simple_tag
def day_rows(planning: Planning) -> SafeString:
    """Return the rooms of a day, each with its timeline."""
    pen = _Pen()
    return mark_safe("".join(map(pen.day, planning.rows)))  # noqa: S308  (the pen escapes each text)


@register.simple_tag
def week_rows(planning: Planning) -> SafeString:
    """Return the rooms of a week, each with its seven days."""
    pen = _Pen()
    names = {day: escape(short_day(day)) for day in planning.days}
    return mark_safe("".join(pen.week(row, names) for row in planning.rows))  # noqa: S308  (the pen escapes each text)


class _Pen:
    """Writes rooms as HTML. What is the same for all of them is translated, drawn and addressed once a page."""

    def __init__(self) -> None:
        self.settings = _around("booking:point_settings", "x")
        self.release = _around("booking:release", 0)
        self.free = escape(_("Release"))
        nothing, stale = escape(_("Nothing planned")), escape(_("calendar not up to date"))
        self.nothing = f'<li class="block block--none">{nothing}</li>'
        self.stale = f' <span class="badge badge--warning">{icon("history")}{stale}</span>'

    def day(self, row: Row) -> str:
        """One room and its timeline."""
        cell, place = row.cells[0], escape(row.room.point.name)
        items = "".join([self._on_the_lane(block, place) for block in cell.blocks])
        rest = "" if cell.taken else self.nothing
        lane = f'<ol class="lane" data-lane="{row.room.pk}">{items}{rest}</ol>'
        return f'<li class="lanes__row">{self._heading(row, place)}{lane}</li>'

    def week(self, row: Row, names: dict[date, str]) -> str:
        """One room and its days."""
        place = escape(row.room.point.name)
        cells = "".join([self._in_the_week(cell, names[cell.day], place) for cell in row.cells])
        return f'<li class="week__row">{self._heading(row, place)}{cells}</li>'

    def _heading(self, row: Row, place: str) -> str:
        before, after = self.settings
        link = f'<a href="{before}{escape(row.room.point.slug)}{after}">{place}</a>'
        stale = self.stale if row.is_stale else ""
        return f'<h2 class="lanes__room">{link}<span>{escape(row.room.name)}{stale}</span></h2>'

    def _on_the_lane(self, block: Block, place: str) -> str:
        where = f"block block--{block.kind} from-{block.start} until-{block.end}"
        if block.kind == "shut":
            return f'<li class="{where}" aria-hidden="true"></li>'
        detail = f' <span class="block__detail">{escape(block.detail)}</span>' if block.detail else ""
        return f'<li class="{where}">{self._said(block)}{detail}{self._freed(block, place)}</li>'

    def _in_the_week(self, cell: Cell, name: str, place: str) -> str:
        taken = cell.taken
        items = "".join(
            [f'<li class="block block--{one.kind}">{self._said(one)}{self._freed(one, place)}</li>' for one in taken]
        )
        empty = "" if taken else " week__cell--empty"
        return f'<div class="week__cell{empty}"><h3 class="week__day">{name}</h3><ol>{items}</ol></div>'

    @staticmethod
    def _said(block: Block) -> str:
        words = f'<span class="block__words">{escape(block.words)}</span>'
        return f'<span class="block__hours">{block.hours}</span> {words}'

    def _freed(self, block: Block, place: str) -> str:
        """Return the button that frees a blocked room, named for who does not see where it stands."""
        if not block.span_id:
            return ""
        address = f"{self.release[0]}{block.span_id}{self.release[1]}"
        name = f'{self.free}<span class="visually-hidden"> {place}, {block.hours}</span>'
        return (
            f'<button class="block__free no-print" type="submit" form="release" formaction="{address}">{name}</button>'
        )


def _around(name: str, example: str | int) -> tuple[str, str]:
    """Return what stands before and after the last argument in an address, so that many are made of one look-up."""
    before, _mark, after = reverse(name, args=[example]).rpartition(str(example))
    return escape(before), escape(after)
