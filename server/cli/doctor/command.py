"""`forge doctor`."""

from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import given, server_options
from server.cli.console import print_json, say
from server.cli.faults import FAILED
from server.setting_values import is_loopback
from server.settings import ClientSettings, Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.cli.doctor.findings import Finding

_COLOURS: Final = {"ok": "green", "warning": "yellow", "fault": "red"}
_WORDS: Final = {"ok": "OK", "warning": "warning", "fault": "fault"}
_NAME: Final = 12
_LEVEL: Final = 9


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one document.")
@server_options
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look for what is wrong with this machine and set-up, and say what to do. Changes nothing.

    Settings are read as `forge serve` would read them here. Exits with 1 when something is a fault.
    """
    findings = []
    for one in _findings(given(ctx)):
        findings.append(one)
        if not as_json:
            for line in lines(one):
                say(line)
    faults = sum(one.level == "fault" for one in findings)
    warnings = sum(one.level == "warning" for one in findings)
    if as_json:
        from server.cli.doctor.machine import versions

        print_json({"ok": not faults, **versions(), "findings": findings})
    else:
        say()
        say(_summary(faults, warnings))
    if faults:
        raise click.exceptions.Exit(FAILED)


def lines(finding: "Finding") -> list[str]:
    """How it is, and below it what to do."""
    level = click.style(_WORDS[finding.level].ljust(_LEVEL), fg=_COLOURS[finding.level])
    told = [f"{level}{finding.name.ljust(_NAME)} {finding.found}"]
    if finding.advice is not None:
        told.append(f"{' ' * (_LEVEL + _NAME + 1)}{finding.advice}")
    return told


def _summary(faults: int, warnings: int) -> str:
    from server.client.words import several

    if faults:
        return click.style(f"{several(faults, 'fault')}, {several(warnings, 'warning')}", fg="red", bold=True)
    if warnings:
        return click.style(f"it works, with {several(warnings, 'warning')}", fg="yellow")
    return click.style("all is well", fg="green")


def _findings(asked: dict[str, str]) -> "Iterator[Finding]":
    """Every check, the quick ones first; those of the home are left out while settings are wrong."""
    from server.cli.doctor import machine
    from server.cli.doctor.findings import fault, ok

    yield machine.python()
    yield machine.packages()
    yield machine.sqlite()
    settings = None
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        for one in error.faults:
            yield fault("settings", one, "`forge serve --help` lists all settings")
    else:
        yield ok("settings", "all can be used")
    if settings is not None:
        yield from _of_settings(settings, asked)
    yield machine.compiler("auto" if settings is None else settings.compile)


def _of_settings(settings: Settings, asked: dict[str, str]) -> "Iterator[Finding]":
    from server.app import STATIC_FOLDER
    from server.cli.doctor import home, machine, running
    from server.cli.doctor.findings import fault
    from server.cli.doctor.strategies import strategies

    yield machine.dashboard(STATIC_FOLDER)
    yield machine.descriptors(settings.max_connections, public=not is_loopback(settings.host))
    yield home.writable(settings.home)
    yield home.free_disk(settings.home)
    yield home.database(settings.home)
    try:
        client = ClientSettings.from_environment(asked)
    except SettingsError as error:
        yield fault("server", "; ".join(error.faults), "give the address of a server")
    else:
        yield from running.server(client.url, client.token, home.owner(settings.home))
    yield running.redis(settings.redis_url)
    yield running.dask(settings.dask_url)
    yield from strategies(settings.strategies_folder)
