"""Whether a strategy compiles, told without compiling it."""

from server.engine.compile.layout import examined
from server.engine.compile.problems import NotCompilable
from server.engine.compile.program import Program
from server.strategies.strategy import Strategy


def why_not_compilable(strategy: Strategy) -> str | None:
    """What stands against the compiled form of a strategy after its `init`, place by place; None: nothing."""
    try:
        check(strategy)
    except NotCompilable as error:
        return str(error)
    return None


def check(strategy: Strategy) -> None:
    """Raises NotCompilable with all that stands against the compiled form of a strategy after its `init`."""
    layout, problems = examined(strategy)
    try:
        Program(type(strategy), layout)
    except NotCompilable as error:
        problems += error.problems
    if problems:
        raise NotCompilable(problems)
