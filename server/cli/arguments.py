"""The argument that names a run, the same for every command that takes one."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from server.cli.completing import run_keys

F = TypeVar("F", bound=Callable[..., Any])


def run_argument(command: F) -> F:
    """RUN: a RunKey, a part of one, or `last`."""
    return click.argument("run", metavar="RUN", shell_complete=run_keys)(command)
