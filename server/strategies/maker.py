"""Makes many instances of one strategy class."""

from collections.abc import Mapping

from server.contract.base import ParamValue
from server.strategies.parameters import bind_value
from server.strategies.strategy import Strategy, make_strategy, parameters_of


class StrategyMaker:
    """`make_strategy` for the sets of a space, whose values come again and again: each is bound once."""

    def __init__(self, strategy_class: type[Strategy]) -> None:
        self._class = strategy_class
        self._infos = parameters_of(strategy_class)
        self._bound: dict[tuple[str, type, ParamValue], ParamValue] = {}
        # other ways of being made may set more than the parameters, or look at all of them
        self._plain = strategy_class.__init__ is Strategy.__init__ and strategy_class.normalize is Strategy.normalize

    def make(self, parameters: Mapping[str, ParamValue]) -> Strategy:
        """As `make_strategy` of all parameters by their camelCase names, errors included."""
        if not self._plain or len(parameters) != len(self._infos):
            return make_strategy(self._class, parameters)
        strategy = object.__new__(self._class)
        for name, info in self._infos.items():
            value = parameters[info.name]
            key = (name, type(value), value)
            if key not in self._bound:
                self._bound[key] = bind_value(info, value, f"{self._class.__name__}.{info.name}")
            setattr(strategy, name, self._bound[key])
        return strategy
