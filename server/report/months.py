"""What a run returned month by month."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from server.report.markup import EMPTY, Html, element, wide
from server.report.words import number

_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHADES: Final = ((5.0, 3), (1.5, 2), (0.05, 1))
"""From how many percent on a month has which shade."""


class MonthEnd(NamedTuple):
    """The last equity of a month (1–12)."""

    year: int
    month: int
    equity: float


def month_table(ends: Sequence[MonthEnd], initial_cash: float) -> Html:
    """A row a year: the return of each month and of the whole year; nothing without months."""
    if not ends:
        return EMPTY
    by_month, by_year = _returns(ends, initial_cash)
    head = element("tr", *(element("th", text, scope="col") for text in ("Months", *_NAMES, "Year")))
    rows = [
        element(
            "tr",
            element("td", str(year)),
            *(_cell(by_month.get((year, month))) for month in range(1, 13)),
            _cell(by_year[year]),
        )
        for year in by_year
    ]
    whole = element("table", element("thead", head), element("tbody", *rows), class_="months")
    return wide(whole)


def _returns(
    ends: Sequence[MonthEnd], initial_cash: float
) -> tuple[dict[tuple[int, int], float | None], dict[int, float | None]]:
    """In percent of the equity at the end of the month, and year, before; None where that was not above zero."""
    by_month: dict[tuple[int, int], float | None] = {}
    by_year: dict[int, float | None] = {}
    before = year_before = initial_cash
    for place, end in enumerate(ends):
        if place and end.year != ends[place - 1].year:
            year_before = before
        by_month[end.year, end.month] = _gain(before, end.equity)
        by_year[end.year] = _gain(year_before, end.equity)
        before = end.equity
    return by_month, by_year


def _gain(before: float, after: float) -> float | None:
    return 100 * (after / before - 1) if before > 0 else None


def _cell(value: float | None) -> Html:
    if value is None:
        return element("td")
    shade = next((shade for bound, shade in _SHADES if abs(value) >= bound), None)
    sign = "g" if value > 0 else "l"
    return element("td", number(value, 1, unit="%"), class_=None if shade is None else f"{sign}{shade}")
