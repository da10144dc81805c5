"""What a shell completes from the server: quickly, or not at all."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem

from server.cli.asking import given

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.client import Forge

_PATIENCE_S: Final = 1.0
"""A key press that takes longer is worse than none."""
_LISTED: Final = 30


def run_keys(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The newest runs whose key has this beginning, of the whole or of its hash, and `last`."""

    def ask(forge: "Forge") -> list[CompletionItem]:
        pages = [forge.runs(kind, sort="-submittedAt", limit=_LISTED) for kind in ("backtest", "optimization")]
        return [
            CompletionItem(key if key.startswith(incomplete) else key.rpartition("_")[2], help=f"{item.status}")
            for page in pages
            for item in page.items
            if (key := item.run_key).startswith(incomplete) or key.rpartition("_")[2].startswith(incomplete)
        ]

    newest = [CompletionItem("last", help="the newest run")] if "last".startswith(incomplete) else []
    return [*newest, *_answered(ctx, ask)]


def strategy_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The strategies that can be run."""
    return _answered(
        ctx,
        lambda forge: [
            CompletionItem(one.name, help=one.description.partition("\n")[0])
            for one in forge.strategies()
            if one.error is None and one.name.casefold().startswith(incomplete.casefold())
        ],
    )


def parameter_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`name=` of each parameter of the strategy that was typed before."""
    typed = {ctx.params.get("strategy"), *ctx.args}  # an argument is among the rest while an option lacks its value
    return _answered(
        ctx,
        lambda forge: [
            CompletionItem(f"{parameter.name}=", help=parameter.description)
            for one in forge.strategies()
            if one.name in typed
            for parameter in one.parameters
            if parameter.name.startswith(incomplete)
        ],
    )


def series_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`ASSET:EXCHANGE:FRAME` of each series of bars."""
    return _values(ctx, incomplete, "asset_name", "exchange", "time_frame")


def asset_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The assets of the data sets."""
    return _values(ctx, incomplete, "asset_name")


def exchange_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The exchanges of the data sets."""
    return _values(ctx, incomplete, "exchange")


def time_frames(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The time frames of the data sets."""
    return _values(ctx, incomplete, "time_frame")


def _values(ctx: click.Context, incomplete: str, *fields: str) -> list[CompletionItem]:
    def ask(forge: "Forge") -> list[CompletionItem]:
        named = [":".join(getattr(one, field) for field in fields) for one in forge.datasets() if one.kind == "bars"]
        return [
            CompletionItem(name) for name in dict.fromkeys(named) if name.casefold().startswith(incomplete.casefold())
        ]

    return _answered(ctx, ask)


def _answered(ctx: click.Context, ask: "Callable[[Forge], list[CompletionItem]]") -> list[CompletionItem]:
    """What the server answers in time; nothing when it does not, or not so: a shell shows no errors while one types."""
    from server.client import Forge  # takes longer to import than a command's help may
    from server.settings import ClientSettings

    found: list[CompletionItem] = []
    with suppress(Exception):
        settings = ClientSettings.from_environment(given(ctx))
        forge = Forge(settings.url, settings.token)  # here: what it imports is no waiting for the server

        def work() -> None:
            with suppress(Exception), forge:
                found.extend(ask(forge))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(_PATIENCE_S)
    return list(found)
