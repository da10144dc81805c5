"""`forge webhooks`."""

import asyncio
import time
from typing import TYPE_CHECKING

import click

from server.cli.console import print_json, say
from server.cli.faults import Fault, SettingsFault
from server.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.webhooks.posting import Answered
    from server.webhooks.receivers import Receiver


@click.group()
def webhooks() -> None:
    """Look after webhooks: messages to other programs when a run ends."""


@webhooks.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def test(as_json: bool) -> None:
    """Send a signed `ping` to every receiver now. Exits with 1 when one did not take it.

    Receivers are those of FORGE_WEBHOOKS, signed with FORGE_WEBHOOK_SECRET; no server needs to run.
    """
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    if not settings.webhooks or settings.webhook_secret is None:
        raise Fault("FORGE_WEBHOOKS names nobody; set it, like https://example.com/hook, and FORGE_WEBHOOK_SECRET")
    answers = asyncio.run(_pinged(settings.webhooks, settings.webhook_secret))
    if as_json:
        print_json(
            [
                {"receiver": receiver.name, "taken": answered.taken, "status": answered.status, "milliseconds": took_ms}
                for receiver, (answered, took_ms) in answers.items()
            ]
        )
    for receiver, (answered, took_ms) in () if as_json else answers.items():
        say(f"{receiver.name}: {'taken' if answered.taken else answered.reason} ({took_ms:.0f} ms)")
    if not all(answered.taken for answered, _ in answers.values()):
        raise Fault("not every receiver took the ping: a receiver must answer with a status of 200 to 299")


async def _pinged(urls: tuple[str, ...], secret: str) -> "Mapping[Receiver, tuple[Answered, float]]":
    from server.contract.base import format_instant
    from server.webhooks.events import ping_event
    from server.webhooks.posting import poster_with
    from server.webhooks.receivers import receivers_of
    from server.webhooks.signing import key_of

    answers = {}
    async with poster_with(key_of(secret)) as poster:
        for receiver in receivers_of(urls):
            now_ms, began = time.time_ns() // 1_000_000, time.monotonic()
            answered = await poster.post(receiver, f"msg_ping_{now_ms}", ping_event(format_instant(now_ms)))
            answers[receiver] = (answered, 1000 * (time.monotonic() - began))
    return answers
