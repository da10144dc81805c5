"""A first backtest and a first optimization of a strategy, for forms and the command line."""

from decimal import Decimal
from typing import Any, Final

from server.contract.catalogue import ParameterInfo

_STEPS_EACH_WAY: Final = 5
_AXES: Final = 2
_BOUND_SHARE: Final = 20


def templates_for(name: str, infos: list[ParameterInfo]) -> dict[str, Any]:
    """`backtest` with the defaults, `optimization` with axes around them for the first two numbers."""
    axes: dict[str, Any] = {}
    varied = 0
    for info in infos:
        axis = _axis_around(info) if varied < _AXES else None
        varied += axis is not None
        axes[info.name] = {"fixed": info.default} if axis is None else axis
    return {
        "backtest": {"strategyName": name, "strategyParameters": {info.name: info.default for info in infos}},
        "optimization": {"strategyName": name, "axes": axes},
    }


def _axis_around(info: ParameterInfo) -> dict[str, int | float] | None:
    """A few steps to both sides of the default, within the bounds; None where there is nothing to vary."""
    if info.type not in ("int", "float"):
        return None
    default = Decimal(str(info.default))
    step = _step(info, default)
    low, high = default - _STEPS_EACH_WAY * step, default + _STEPS_EACH_WAY * step
    if info.min is not None:
        bound = Decimal(str(info.min))
        low = max(low, default - (default - bound) // step * step)
    if info.max is not None:
        bound = Decimal(str(info.max))
        high = min(high, default + (bound - default) // step * step)
    if low >= high:
        return None
    number = int if info.type == "int" else float
    return {"min": number(low), "max": number(high), "step": number(step)}


def _step(info: ParameterInfo, default: Decimal) -> Decimal:
    if info.step is not None:
        return Decimal(str(info.step))
    if info.type == "int":
        return Decimal(1)
    if info.min is not None and info.max is not None and info.max > info.min:
        return (Decimal(str(info.max)) - Decimal(str(info.min))) / _BOUND_SHARE
    return abs(default) / 10 or Decimal("0.1")
