"""Equity over its drawdown as an SVG."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from server.report.markup import EMPTY, Html, chart, element, joined
from server.report.ticks import instants, round_values
from server.report.words import number

Point = tuple[int, float, float]
"""Milliseconds since the epoch, equity, percent below the high before."""

Show = Callable[[float], str]
_WIDTH: Final = 1000
_LEFT: Final = 8
_RIGHT: Final = 84
_EQUITY: Final = (10, 270)
_DRAWDOWN: Final = (300, 390)
_HEIGHT: Final = 415


class _Pane(NamedTuple):
    """A part of the picture from `top` to `bottom` with the values `low` to `high`."""

    top: float
    bottom: float
    low: float
    high: float

    def down(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def equity_chart(points: Sequence[Point], base: float, label: str) -> Html:
    """Nothing for fewer than two points; `base` is the equity that it began with."""
    if len(points) < 2:
        return EMPTY
    first, last = points[0][0], points[-1][0]
    across = [_LEFT + (at - first) / max(1, last - first) * (_WIDTH - _LEFT - _RIGHT) for at, _, _ in points]
    equity = _pane(_EQUITY, min(base, *(point[1] for point in points)), max(base, *(point[1] for point in points)))
    fall = _pane(_DRAWDOWN, min(-0.01, *(point[2] for point in points)), 0.0)
    heights = [equity.down(point[1]) for point in points]
    falls = [fall.down(min(0.0, point[2])) for point in points]
    floor = equity.down(base)
    digits = 0 if equity.high - equity.low > 10 else 2
    return chart(
        label,
        _lines(equity, 5, lambda value: number(value, digits)),
        _lines(fall, 2, lambda value: number(value, 0 if abs(value) >= 1 or value == 0 else 2, unit="%")),
        _times(first, last),
        element("path", d=_area(across, heights, floor), class_="under"),
        element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=floor, y2=floor, class_="base"),
        element("path", d=_line(across, heights), class_="curve"),
        element("path", d=_area(across, falls, fall.down(0.0)), class_="fall"),
        height=_HEIGHT,
    )


def _pane(place: tuple[int, int], low: float, high: float) -> _Pane:
    room = (high - low) * 0.04 or max(1.0, abs(high) * 0.01)
    return _Pane(*place, low - room, high if high == 0.0 else high + room)


def _lines(pane: _Pane, most: int, show: Show) -> Html:
    drawn = []
    for value in round_values(pane.low, pane.high, most):
        y = pane.down(value)
        drawn += [
            element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid"),
            element("text", show(value), x=_WIDTH - _RIGHT + 8, y=y + 4),
        ]
    return joined(drawn)


def _times(first: int, last: int) -> Html:
    width = _WIDTH - _LEFT - _RIGHT
    return joined(
        element("text", label, x=_LEFT + (at - first) / max(1, last - first) * width, y=_HEIGHT - 5, text_anchor=anchor)
        for at, label in instants(first, last, 9)
        for anchor in ["start" if at - first < (last - first) * 0.03 else "middle"]
    )


def _line(across: Sequence[float], heights: Sequence[float]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, heights, strict=True))


def _area(across: Sequence[float], heights: Sequence[float], floor: float) -> str:
    return f"{_line(across, heights)}L{across[-1]:.1f} {floor:.1f}L{across[0]:.1f} {floor:.1f}Z"
