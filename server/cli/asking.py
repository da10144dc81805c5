"""Which server a command asks, and how its refusals are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from server.cli.faults import Fault, SettingsFault
from server.settings import ClientSettings, SettingsError

if TYPE_CHECKING:
    from server.client import Forge, ProblemError

F = TypeVar("F", bound=Callable[..., Any])


def server_options(command: F) -> F:
    """Adds `--url` and `--token`, which stand before or after the command's name."""
    url = click.option(
        "--url",
        metavar="URL",
        expose_value=False,
        callback=_remember("FORGE_URL"),
        help="The server to ask.  [FORGE_URL, http://HOST:PORT]",
    )
    token = click.option(
        "--token",
        metavar="SECRET",
        expose_value=False,
        callback=_remember("FORGE_TOKEN"),
        help="The server's token.  [FORGE_TOKEN]",
    )
    return url(token(command))


def _remember(variable: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.meta[f"{__name__}.{variable}"] = value

    return remember


def given(ctx: click.Context) -> dict[str, str]:
    """What `--url` and `--token` say, by the names of the settings that they stand for."""
    prefix = f"{__name__}."
    meta = ctx.meta
    return {key.removeprefix(prefix): value for key, value in meta.items() if key.startswith(prefix)}


def hint(command: str, *words: str) -> str:
    """A command to type next, which reaches the same server."""
    url = given(click.get_current_context()).get("FORGE_URL")
    return " ".join(["forge", command, *words, *(["--url", url] if url else [])])


@contextmanager
def asking() -> Iterator["Forge"]:
    """A client of the server; what it refuses or cannot be asked becomes a Fault."""
    # takes longer to import than a command's help may
    from server.client import ClientError, ConnectionFailed, Forge, NoResult, ProblemError

    try:
        settings = ClientSettings.from_environment(given(click.get_current_context()))
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    try:
        with Forge(settings.url, settings.token) as forge:
            yield forge
    except ProblemError as error:
        raise Fault(error.detail, code=error.code, errors=_fields(error), told=problem_text(error)) from error
    except ConnectionFailed as error:
        raise Fault(str(error), code="no_server", told=str(error)) from error
    except NoResult as error:
        raise Fault(str(error), code="no_result", told=str(error)) from error
    except ClientError as error:
        raise Fault(str(error)) from error


def _fields(error: "ProblemError") -> list[dict[str, str]]:
    return [{"path": one.path, "message": one.message} for one in error.errors]


def problem_text(error: "ProblemError") -> str:
    """Code and detail, then each field that the detail does not name already, and what would help."""
    lines = [f"{error.code}: {error.detail}"]
    lines += [
        f"  {one.path}: {one.message}" for one in error.errors if f"{one.path}: {one.message}" not in error.detail
    ]
    if error.code == "unauthorised":
        lines.append("  give the token with --token or FORGE_TOKEN")
    if error.retry_after_s is not None:
        lines.append(f"  try again in {error.retry_after_s} s")
    return "\n".join(lines)
