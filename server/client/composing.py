"""Requests put together of what a line of Python names."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from server.client.errors import DatasetUnclear
from server.client.moments import Moment, instant_of
from server.client.series import Series
from server.client.wire import camel
from server.contract.requests import BacktestRequest, OptimizationRequest

_NAMING: Final = frozenset({"sortBy", "metric", "objective", "model"})
"""Settings whose value is a name of the contract: of a metric, of a model of costs."""
_SNAKE: Final = re.compile(r"""(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b""")
"""Names in snake_case; text in quotes is found first, so that it stays what it is."""


def backtest_of(
    strategy: str,
    series: Series,
    start: Moment | None,
    end: Moment | None,
    parameters: Mapping[str, Any],
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """A backtest of the series; of what is `named` the settings of a run are that, and the others parameters.

    DatasetUnclear when the series has no bars in the period.
    """
    settings, further = _parted(BacktestRequest, named)
    chosen = {**parameters, **further}
    return _request(strategy, series, start, end, settings) | {
        "strategyParameters": {camel(name): scalar(value) for name, value in chosen.items()}
    }


def optimization_of(
    strategy: str,
    series: Series,
    start: Moment | None,
    end: Moment | None,
    axes: Mapping[str, Any],
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """The same of an optimization, whose parameters are axes: see `axis_of`."""
    settings, further = _parted(OptimizationRequest, named)
    chosen = {**axes, **further}
    return _request(strategy, series, start, end, settings) | {
        "axes": {camel(name): axis_of(value) for name, value in chosen.items()}
    }


def axis_of(value: Any) -> Any:
    """An axis as it is sent. `(5, 50)` and `(5, 50, 5)` bound a range, a range is one; several values are those, one
    alone is fixed; a mapping or an `Axis` is sent as it is. ValueError for what is none."""
    match value:
        case Mapping() | msgspec.Struct():
            return value
        case tuple():
            bounds = [scalar(bound) for bound in value]
            if not 2 <= len(bounds) <= 3 or not all(isinstance(bound, int | float) for bound in bounds):
                raise ValueError(f"{value!r} is no range (min, max) or (min, max, step); values are a list")
            return dict(zip(("min", "max", "step"), bounds, strict=False))
        case str():
            return {"fixed": value}
        case range() if value.step > 0 and len(value):
            return {"min": value[0], "max": value[-1], "step": value.step}
        case Iterable():
            return {"values": [scalar(one) for one in value]}
        case _:
            return {"fixed": scalar(value)}


def scalar(value: Any) -> Any:
    """A value of a library for numbers as Python's own."""
    return value.item() if hasattr(value, "item") else value


def sent(value: Any, name: str = "") -> Any:
    """Settings as they are sent: names in camelCase, those of parameters and metrics too."""
    match value:
        case Mapping():
            return {camel(key): sent(one, camel(key)) for key, one in value.items()}
        case list() | tuple():
            return [sent(one, name) for one in value]
        case str() if name in _NAMING:
            return camel(value)
        case str() if name == "conditions":
            return _SNAKE.sub(lambda found: found["text"] or camel(found[0]), value)
        case _:
            return scalar(value)


def _parted(request: type[msgspec.Struct], named: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of it is a setting of the request, and what is not."""
    fields = {field.name for field in msgspec.structs.fields(request)}
    settings = {name: value for name, value in named.items() if name in fields}
    return settings, {name: value for name, value in named.items() if name not in fields}


def _request(
    strategy: str, series: Series, start: Moment | None, end: Moment | None, settings: Mapping[str, Any]
) -> dict[str, Any]:
    first = series.first if start is None else instant_of(start)
    last = series.last if end is None else instant_of(end, ends=True)
    if first > last and (start is None or end is None):  # else it is the server's to say
        raise DatasetUnclear(f"There are no bars from {first} to {last}; there is:", [series.told])
    request: dict[str, Any] = {"strategyName": strategy, "startTime": first, "endTime": last}
    if "data_subscriptions" not in settings:
        request |= {"assetName": series.asset_name, "exchange": series.exchange, "timeFrame": series.time_frame}
    request.update(sent(settings))
    return request
