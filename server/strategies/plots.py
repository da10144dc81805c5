"""What a strategy shows on a chart: numbers that are read after its bars."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias, get_args

from server.strategies.declaration import Unit
from server.strategies.errors import DeclarationError
from server.strategies.indicators import Indicator
from server.strategies.naming import camel_case

Plots: TypeAlias = Mapping[str, Unit]
"""By what stands after `self.`: whether it is in ticks and shown in quote currency, or shown as it is."""
MOST_PLOTS: Final = 32
_NOTHING: Final = object()


class Plot(NamedTuple):
    """One number: what stands after `self.`, in which unit; `indicator` and `line` are its name.

    `ready`: the indicator, as what stands after `self.`, before whose `ready` there is no number; "" for none.
    """

    path: str
    unit: Unit
    indicator: str
    line: str
    ready: str

    @property
    def name(self) -> str:
        """How charts call it: `fast`, `bollinger.upper`."""
        return self.indicator if self.line == "value" else f"{self.indicator}.{self.line}"


def plots_of(strategy: Any) -> tuple[Plot, ...]:
    """What the `plots` of a strategy's class name after its `init`, all lines of an indicator where it is named alone.

    Raises DeclarationError for what is not there.
    """
    declared = type(strategy).plots
    if not isinstance(declared, Mapping):
        raise DeclarationError("plots", "a dict of names with 'quote' or 'raw'")
    plots: list[Plot] = []
    for path, unit in declared.items():
        if not isinstance(path, str) or not path.isascii() or unit not in get_args(Unit):
            raise DeclarationError("plots", f"{path!r}: {unit!r} is no name in ASCII with 'quote' or 'raw'")
        plots += _plots(strategy, path, unit)
    if len(plots) > MOST_PLOTS:
        raise DeclarationError("plots", f"at most {MOST_PLOTS} numbers, these are {len(plots)}")
    twice = len(plots) - len({plot.name for plot in plots})
    if twice:
        raise DeclarationError("plots", "a number is named twice")
    return tuple(plots)


def _plots(strategy: Any, path: str, unit: Unit) -> list[Plot]:
    *way, last = path.split(".")
    owner = strategy
    for name in way:
        owner = _attribute(owner, name, path)
        if not isinstance(owner, Indicator):
            raise DeclarationError("plots", f"{path!r}: {name} is no indicator")
    item = _attribute(owner, last, path)
    if not isinstance(item, Indicator):
        where = ".".join(way)
        return [Plot(path, unit, _camel(where or path), camel_case(last) if where else "value", _ready(owner, where))]
    for line in item.lines:
        _attribute(item, line, f"{path}.{line}")
    ready = _ready(item, path)
    return [Plot(f"{path}.{line}", unit, _camel(path), camel_case(line), ready) for line in item.lines]


def _attribute(owner: Any, name: str, path: str) -> object:
    """An attribute as `init` left it. A property as such: it may have nothing to tell before the first bar."""
    found = vars(owner).get(name, getattr(type(owner), name, _NOTHING))
    if not (found is None or isinstance(found, int | float | property | Indicator)):
        raise DeclarationError("plots", f"{path!r}: {type(owner).__name__} has no number or indicator {name}")
    return found


def _ready(owner: object, path: str) -> str:
    """`path` where that is an indicator which tells when it is ready."""
    tells = isinstance(owner, Indicator) and ("ready" in vars(owner) or hasattr(type(owner), "ready"))
    return path if tells else ""


def _camel(path: str) -> str:
    return ".".join(map(camel_case, path.split(".")))
