"""Whether a strategy compiles, told without compiling it."""

from server.engine.compile.layout import layout_of
from server.engine.compile.problems import NotCompilable
from server.engine.compile.program import Program
from server.strategies.strategy import Strategy, make_strategy


def why_not_compilable(strategy_class: type[Strategy]) -> str | None:
    """What stands against the compiled form of a strategy with its default parameters, place by place; None: nothing.

    Calls the strategy's `init`, and raises what that raises.
    """
    strategy = make_strategy(strategy_class, {})
    strategy.init()
    try:
        Program(strategy_class, layout_of(strategy))
    except NotCompilable as error:
        return str(error)
    return None
