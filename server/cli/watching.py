"""Follows a run to its end and reports it."""

from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import hint
from server.cli.console import print_json
from server.cli.faults import INTERRUPTED
from server.cli.progress import view
from server.cli.report import print_end

if TYPE_CHECKING:
    from server.client import Forge
    from server.client.wire import RunRef
    from server.contract.requests import RunKind

_NOT_COMPLETED: Final = 1


def watch_to_end(forge: "Forge", run: "RunRef", run_key: str, kind: "RunKind | None", *, as_json: bool) -> None:
    """Shows every state, then the report; exits with 1 unless the run completed, with 130 after Ctrl-C."""
    final = None
    try:
        with view(as_json=as_json) as shown:
            for snapshot in forge.watch(run, kind, on_link=shown.link):
                shown.show(snapshot)
                final = snapshot
    except KeyboardInterrupt:
        click.echo(
            f"\nThe run goes on. `{hint('watch', run_key)}` comes back to it, `{hint('cancel', run_key)}` stops it.",
            err=True,
        )
        raise click.exceptions.Exit(INTERRUPTED) from None
    assert final is not None
    status = forge.status(run, final.run.kind)
    if as_json:
        print_json(status, lines=True)
    else:
        print_end(forge, status)
    if final.state.status != "Completed":
        raise click.exceptions.Exit(_NOT_COMPLETED)
