"""The class that a user's strategy derives from."""

import functools
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.requests import DATA_AXIS
from server.strategies.declaration import declared_parameters
from server.strategies.desk import GTC, Desk, Size
from server.strategies.errors import DeclarationError
from server.strategies.naming import camel_case
from server.strategies.parameters import bind_parameters, bind_value
from server.strategies.plots import Plots
from server.strategies.types import Bar, Fill, Open

_UNPLACED: Final = "orders and positions exist while bars are delivered, not in init()"


class Strategy:
    """A trading strategy: declare parameters with `param`, create state in `init`, trade in `on_bar`.

    Prices are whole ticks, quantities units (`buy(1)` is one unit). Orders placed in `on_bar` meet the next bar.
    """

    version: ClassVar[str] = "1.0.0"
    plots: ClassVar[Plots] = {}
    """What charts show: numbers and indicators by what stands after `self.`, with the unit of a parameter."""
    _desk: Desk | None = None
    _position: float = 0.0

    def __init__(self, **parameters: ParamValue) -> None:
        """Parameters by their Python names, defaults for the rest; raises InvalidRequest as `bind_parameters` does."""
        infos = parameters_of(type(self))
        given = {infos[name].name if name in infos else name: value for name, value in parameters.items()}
        bound = bind_parameters(list(infos.values()), given, type(self).__name__)
        for name, info in infos.items():
            setattr(self, name, bound[info.name])

    def init(self) -> None:
        """Creates state and indicators; called once before the first bar."""

    def on_bar(self, bar: Bar) -> None:
        """Called with every complete bar."""

    def on_open(self, bar: Open) -> None:
        """Called when a bar opens; market orders placed here fill at this open."""

    def on_fill(self, fill: Fill) -> None:
        """Called after each fill; orders placed here can still fill in the same bar."""

    def normalize(self) -> None:
        """Gives parameters that make no difference one value, so that equal sets are computed once."""

    # the compiler of bar code knows these by name

    @property
    def position(self) -> float:
        """Units of the main asset held, below 0 for a short position."""
        return self._position

    @property
    def equity(self) -> float:
        """Cash and positions at the newest price, in quote currency."""
        return self._placed().equity()

    @property
    def cash(self) -> float:
        """What is not invested, in quote currency."""
        return self._placed().cash()

    @property
    def open_orders(self) -> int:
        """How many orders wait; brackets belong to their entry and are not counted."""
        return self._placed().open_orders()

    def last_price(self, asset: int = 0) -> int:
        """The newest price of one asset in ticks, 0 before its first bar."""
        return self._placed().last_price(asset)

    def position_of(self, asset: int) -> float:
        """Units of one asset held, below 0 for a short position."""
        return self._placed().position(asset)

    def buy(
        self,
        quantity: float | None = None,
        *,
        share: float | None = None,
        amount: float | None = None,
        risk: float | None = None,
        limit: float | None = None,
        stop: float | None = None,
        stop_loss: float | None = None,
        take_profit: float | None = None,
        time_in_force: int = GTC,
        group: int = 0,
        asset: int = 0,
    ) -> int:
        """Orders `quantity` units, or one of: as many whole lots as `share` of the equity pays for at the fill, costs
        included; as `amount` of quote currency pays for; as lose `risk` of the equity at the `stop_loss`, by the price
        alone: commissions and the slippage of leaving come on top.

        Prices in ticks, rounded to whole ones, half away from zero: `limit` fills there or better, `stop` at or
        beyond it, both together trigger at the stop and fill within the limit. `stop_loss` and `take_profit` are
        the entry's bracket: orders the other way from the moment of entry, that end with the position.
        `time_in_force` is GTC, DAY or IOC. When one order of a `group` other than 0 fills, the rest is cancelled.
        Returns the order's id, or 0 when it was rejected at once (the run counts it, with the reason).
        """
        return self._placed().order(
            1,
            Size(quantity, share, amount, risk),
            limit=limit,
            stop=stop,
            stop_loss=stop_loss,
            take_profit=take_profit,
            time_in_force=time_in_force,
            group=group,
            asset=asset,
        )

    def sell(
        self,
        quantity: float | None = None,
        *,
        share: float | None = None,
        amount: float | None = None,
        risk: float | None = None,
        limit: float | None = None,
        stop: float | None = None,
        stop_loss: float | None = None,
        take_profit: float | None = None,
        time_in_force: int = GTC,
        group: int = 0,
        asset: int = 0,
    ) -> int:
        """As `buy`, the other way."""
        return self._placed().order(
            -1,
            Size(quantity, share, amount, risk),
            limit=limit,
            stop=stop,
            stop_loss=stop_loss,
            take_profit=take_profit,
            time_in_force=time_in_force,
            group=group,
            asset=asset,
        )

    def close(self, asset: int = 0) -> int:
        """Cancels what waits on the asset and orders the position to nothing; 0 when there is none."""
        return self._placed().close(asset)

    def cancel(self, order: int) -> bool:
        """Cancels a waiting order; False when it waits no more."""
        return self._placed().cancel(order)

    def cancel_all(self, asset: int = 0) -> None:
        """Cancels every waiting order on the asset; the brackets of what is held stay."""
        self._placed().cancel_all(asset)

    def add_target(self, order: int, price: float, share: float) -> int:
        """Adds a take profit at `price` (ticks) for `share` of what the waiting entry `order` will open.

        Returns the target's id; 0 when the entry waits no more or the price or share cannot be.
        """
        return self._placed().add_target(order, price, share)

    def move_stop(self, order: int, price: float) -> bool:
        """Moves the stop loss of the entry `order` to `price` (ticks); False when it has none any more.

        While bars of the entry's asset are under way that opened earlier (in runs of several series), for those that
        open later.
        """
        return self._placed().move_stop(order, price)

    def move_target(self, order: int, price: float) -> bool:
        """Moves the take profits of the entry `order` to `price` (ticks); False when it has none any more."""
        return self._placed().move_target(order, price)

    def signal(self, name: str, direction: int, strength: float | None = None, asset: int = 0) -> None:
        """Tells the event log of a signal, which orders nothing: `direction` is above 0 for long, below for short, 0
        for neither; `strength` any number, whose scale is the strategy's own.
        """
        self._placed().signal(name, direction, strength, asset)

    def warn(self, message: str) -> None:
        """Tells the event log of something that the strategy's author wants to see."""
        self._placed().warn(message)

    def _placed(self) -> Desk:
        if self._desk is None:
            raise RuntimeError(_UNPLACED)
        return self._desk


def parameters_of(strategy_class: type[Strategy]) -> dict[str, ParameterInfo]:
    """The declared parameters by their Python names, not to be changed.

    Raises DeclarationError, also for names the engine keeps.
    """
    return _parameters(strategy_class)  # type: ignore[arg-type]  # classes are hashable, mypy looks at their instances


@functools.lru_cache(maxsize=64)
def _parameters(strategy_class: Any) -> dict[str, ParameterInfo]:
    """Asked for several times for every trial of a sweep."""
    infos = declared_parameters(strategy_class)
    for name, info in infos.items():
        if hasattr(Strategy, name) or info.name == DATA_AXIS:
            raise DeclarationError(name, "the engine keeps this name; call the parameter something else")
    return infos


def make_strategy(strategy_class: type[Strategy], parameters: Mapping[str, ParamValue]) -> Strategy:
    """An instance with `parameters` (camelCase or Python names) after its `normalize`; `init` has not been called."""
    infos = parameters_of(strategy_class)
    names = {info.name: name for name, info in infos.items()}
    strategy = strategy_class(**{names.get(name, name): value for name, value in parameters.items()})
    strategy.normalize()
    for name, info in infos.items():
        value = bind_value(info, getattr(strategy, name), f"{strategy_class.__name__}.normalize: {camel_case(name)}")
        setattr(strategy, name, value)
    return strategy


def normalize_parameters(strategy_class: type[Strategy], parameters: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    """All parameters in camelCase as the strategy's `normalize` leaves them: what trialKeys are made of."""
    strategy = make_strategy(strategy_class, parameters)
    values: dict[str, Any] = vars(strategy)
    return {info.name: values[name] for name, info in parameters_of(strategy_class).items()}
