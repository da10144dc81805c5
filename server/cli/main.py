"""The command `forge`."""

import sys
from typing import Final

import click

from server import __version__
from server.cli.faults import INTERRUPTED
from server.cli.lazy import Later, LazyGroup

_COMMANDS: Final = {
    "serve": Later("server.cli.serve:serve", "Start the server."),
}


@click.group(
    cls=LazyGroup, later=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="forge")
def forge() -> None:
    """Backtests and optimizations in the background, shown live."""


def main() -> None:
    """Runs the command line of the process and ends it with 0, 1 (failed), 2 (asked wrongly) or 130 (interrupted)."""
    try:
        code = forge.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
