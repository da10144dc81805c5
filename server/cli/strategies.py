"""`forge strategies`, which alone lists them."""

from difflib import get_close_matches
from typing import Final

import click
from click.shell_completion import CompletionItem

from server.cli.completing import strategy_names
from server.cli.lazy import Later, LazyGroup

_COMMANDS: Final = {
    "list": Later("server.cli.strategies_list:list_", "List what can be run, with parameters; without a command too."),
    "check": Later("server.cli.strategies_check:check", "Load a file as the server would, and try it on demo bars."),
    "new": Later("server.cli.strategies_new:new", "Begin a file of your own."),
}
_LIST: Final = "list"


class _ListUnlessTold(LazyGroup):
    """What begins with none of its commands is for `list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`forge strategies SmaCrossover --json` is `forge strategies list SmaCrossover --json`."""
        if args and (args[0] in _COMMANDS or args[0] in ctx.help_option_names or _misspelt(args)):
            return super().parse_args(ctx, args)
        if ctx.resilient_parsing and not args:  # a shell completes the first word
            return super().parse_args(ctx, args)
        return super().parse_args(ctx, [_LIST, *args])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and once something is typed the strategies that begin so."""
        named = strategy_names(ctx, click.Argument(["name"]), incomplete) if incomplete else []
        return [*super().shell_complete(ctx, incomplete), *named]


def _misspelt(args: list[str]) -> bool:
    """Whether a command is meant: a strategy's name stands alone."""
    return len(args) > 1 and not args[1].startswith("-") and bool(get_close_matches(args[0], _COMMANDS))


@click.group(cls=_ListUnlessTold, later=_COMMANDS)
def strategies() -> None:
    """List, check and begin strategies. `forge strategies [NAME]` lists them."""
