"""A run's states as they arrive: a bar on a terminal, plain lines in a file, JSON for programs."""

import sys
from typing import TYPE_CHECKING, Final

from server.cli.console import console, print_json, say
from server.client.views import BarView, LineView, Unseen, View

if TYPE_CHECKING:
    from server.contract.run import RunSnapshot

_LINE_INTERVAL_S: Final = 1.0


def view(*, as_json: bool) -> View:
    """The one that suits standard output."""
    if as_json:
        return JsonView()
    return BarView(console()) if sys.stdout.isatty() else LineView(say, interval_s=_LINE_INTERVAL_S)


class JsonView(Unseen):
    """Every state as a line of JSON; how it arrives is of no interest to programs: every line is whole."""

    def show(self, snapshot: "RunSnapshot") -> None:
        print_json(snapshot, lines=True)
