"""Charts of all trials of an optimization as SVGs: histogram, heat map, Pareto front."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from server.contract.base import ParamValue
from server.contract.spread import Distribution, Sample
from server.contract.surface import Surface
from server.report.markup import EMPTY, Html, chart, element, joined
from server.report.metric_words import metric_name, show_metric
from server.report.style import SHADES
from server.report.ticks import round_values
from server.report.words import exact, several, spoken

_WIDTH: Final = 1000
_MOST_LABELS: Final = 12


def histogram(spread: Distribution) -> Html:
    """How many trials have how much; nothing without values."""
    if spread.low is None or spread.high is None:
        return EMPTY
    height, low, metric = 170, spread.low, spread.metric
    step = (spread.high - low) / len(spread.counts)
    width = _WIDTH / len(spread.counts)
    most = max(spread.counts)
    bars = joined(
        element(
            "rect",
            element(
                "title",
                f"{show_metric(metric, low + at * step)} to {show_metric(metric, low + (at + 1) * step)}: "
                f"{several(count, 'trial')}",
            ),
            x=at * width + 1,
            y=height * (1 - count / most),
            width=width - 2,
            height=height * count / most,
            class_="bar neg" if low + (at + 1) * step <= 0 else "bar",
        )
        for at, count in enumerate(spread.counts)
    )
    ends = joined(
        element("text", show_metric(metric, value), x=x, y=height + 18, text_anchor=anchor)
        for value, x, anchor in ((low, 0, "start"), (spread.high, _WIDTH, "end"))
    )
    label = f"How {metric_name(metric)} is spread over {several(spread.defined, 'trial')}"
    return chart(label, bars, ends, height=height + 22)


def heat_map(surface: Surface, best: Mapping[str, ParamValue]) -> Html:
    """A metric over two parameters, the cell of the best trial ringed; nothing where no cell has a value."""
    known = [value for row in surface.values for value in row if value is not None]
    if not known:
        return EMPTY
    columns, rows = len(surface.x_values), len(surface.y_values)
    left, height = 90, min(420, max(60, 26 * rows))
    width, depth = (_WIDTH - left) / columns, height / rows
    low, high = min(known), max(known)

    def cell(row: int, column: int, value: float) -> Html:
        share = (value - low) / (high - low) if high > low else 0.5
        names = f"{spoken(surface.x)} {exact(surface.x_values[column])}, {spoken(surface.y)} "
        told = f"{names}{exact(surface.y_values[row])}: {show_metric(surface.metric, value)}"
        return element(
            "rect",
            element("title", told),
            x=left + column * width,
            y=(rows - 1 - row) * depth,
            width=width + 0.4,
            height=depth + 0.4,
            class_=f"q{min(SHADES - 1, int(share * SHADES))}",
        )

    cells = joined(
        cell(row, column, value)
        for row, line in enumerate(surface.values)
        for column, value in enumerate(line)
        if value is not None
    )
    labels = joined(
        (
            *(
                element(
                    "text",
                    exact(surface.x_values[at]),
                    x=left + (at + 0.5) * width,
                    y=height + 18,
                    text_anchor="middle",
                )
                for at in _labelled(columns)
            ),
            *(
                element(
                    "text", exact(surface.y_values[at]), x=left - 8, y=(rows - at - 0.5) * depth + 4, text_anchor="end"
                )
                for at in _labelled(rows)
            ),
        )
    )
    label = f"{metric_name(surface.metric)} over {spoken(surface.x)} (across) and {spoken(surface.y)} (upwards)"
    column, row = (_place(*axis) for axis in _axes(surface, best))
    ring = EMPTY
    if column is not None and row is not None:
        x, y = left + (column + 0.5) * width, (rows - row - 0.5) * depth
        ring = joined(
            element("circle", cx=x, cy=y, r=radius, class_=class_) for radius, class_ in ((8, "halo"), (6, "mark"))
        )
    legend = _legend(left, height + 34, low, high, surface.metric)
    return chart(label, cells, ring, labels, legend, height=height + 64)


def scatter(sample: Sample) -> Html:
    """The first two metrics of every trial of the sample, those on the front over all others."""
    if len(sample.values) < 2 or not sample.index:
        return EMPTY
    left, height = 90, 320
    across, upwards = (_within(values) for values in sample.values[:2])
    front = frozenset(sample.on_front)

    def dot(place: int) -> Html:
        return element(
            "circle",
            cx=left + across(sample.values[0][place]) * (_WIDTH - left),
            cy=height * (1 - upwards(sample.values[1][place])),
            r=4.5 if place in front else 2.5,
            class_="dot front" if place in front else "dot",
        )

    order = sorted(range(len(sample.index)), key=lambda place: place in front)
    x_name, y_name = sample.metrics[:2]
    ticks = joined(
        (
            *(
                element(
                    "text",
                    show_metric(x_name, value),
                    x=left + across(value) * (_WIDTH - left),
                    y=height + 18,
                    text_anchor="middle",
                )
                for value in round_values(min(sample.values[0]), max(sample.values[0]), 6)
            ),
            *(
                element(
                    "text",
                    show_metric(y_name, value),
                    x=left - 8,
                    y=height * (1 - upwards(value)) + 4,
                    text_anchor="end",
                )
                for value in round_values(min(sample.values[1]), max(sample.values[1]), 5)
            ),
        )
    )
    frame = element("path", d=f"M{left} 0V{height}H{_WIDTH}", class_="grid", fill="none")
    label = f"{metric_name(x_name)} (across) and {metric_name(y_name)} (upwards) of the trials"
    dots = joined(dot(place) for place in order)
    return chart(label, frame, ticks, dots, height=height + 24)


def _axes(
    surface: Surface, best: Mapping[str, ParamValue]
) -> Iterator[tuple[Sequence[ParamValue], Sequence[tuple[ParamValue, ParamValue]] | None, ParamValue | None]]:
    """Values, bins and the value of the best trial, across and upwards."""
    yield surface.x_values, surface.x_bins, best.get(surface.x)
    yield surface.y_values, surface.y_bins, best.get(surface.y)


def _place(
    values: Sequence[ParamValue], bins: Sequence[tuple[ParamValue, ParamValue]] | None, wanted: ParamValue | None
) -> int | None:
    """Where a value is on an axis; None where it is not."""
    if bins is not None and isinstance(wanted, int | float):
        for place, (first, last) in enumerate(bins):
            if isinstance(first, int | float) and isinstance(last, int | float) and first <= wanted <= last:
                return place
        return None
    return values.index(wanted) if wanted in values else None


def _within(values: Sequence[float]) -> Callable[[float], float]:
    """Where a value lies between the least and the greatest, with some room."""
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or 1.0
    return lambda value: (value - low + room) / (high - low + 2 * room)


def _labelled(count: int) -> range:
    """Which of so many values have labels."""
    return range(0, count, max(1, -(-count // _MOST_LABELS)))


def _legend(left: float, top: float, low: float, high: float, metric: str) -> Html:
    width = 24
    end = left + 90 + SHADES * width
    return joined(
        (
            element("text", show_metric(metric, low), x=left + 82, y=top + 12, text_anchor="end"),
            *(
                element("rect", x=left + 90 + at * width, y=top, width=width, height=14, class_=f"q{at}")
                for at in range(SHADES)
            ),
            element("text", show_metric(metric, high), x=end + 8, y=top + 12),
        )
    )
