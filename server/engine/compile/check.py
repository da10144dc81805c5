"""Whether a strategy compiles, told without compiling it."""

from server.engine.compile.layout import examined
from server.engine.compile.problems import NotCompilable
from server.engine.compile.program import Program, problem_at
from server.strategies.errors import DeclarationError
from server.strategies.plots import Plot, plots_of
from server.strategies.strategy import Strategy, make_strategy


def why_not_compilable(strategy_class: type[Strategy]) -> str | None:
    """What stands against the compiled form of a strategy with its default parameters, place by place; None: nothing.

    Calls the strategy's `init`, and raises what that raises.
    """
    strategy = make_strategy(strategy_class, {})
    strategy.init()
    return what_stands_against(strategy)


def what_stands_against(strategy: Strategy) -> str | None:
    """The same of a strategy after its `init`."""
    try:
        check(strategy)
    except NotCompilable as error:
        return str(error)
    return None


def check(strategy: Strategy) -> None:
    """Raises NotCompilable with all that stands against the compiled form of a strategy after its `init`."""
    layout, problems = examined(strategy)
    plots: tuple[Plot, ...] = ()
    try:
        plots = plots_of(strategy)
    except DeclarationError as error:
        problems.append(problem_at(None, type(strategy), str(error)))
    try:
        Program(type(strategy), layout, plots)
    except NotCompilable as error:
        problems += error.problems
    if problems:
        raise NotCompilable(problems)
