"""`make bench`: measures the server and writes the tables of docs/benchmarks.md."""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.bench import (
    browsing,
    clustered,
    dashboard,
    engine,
    fanout,
    finishing,
    following,
    hour,
    meanwhile,
    paging,
    peers,
    polling,
    requests,
    sweeping,
    through_redis,
    watching,
)
from tests.bench.cores import shared_out
from tests.bench.figures import Figure, machine, median, table
from tests.bench.load import NoCompiler, built
from tests.bench.page import write
from tests.bench.subject import CLOCK_VARIABLE, PLODDER, STOPWATCH, serving

Part = Callable[[Path], Awaitable[list[Figure]]]


async def simulating(folder: Path) -> list[Figure]:
    """The engine alone."""
    return engine.simulating(folder)


async def beside_others(folder: Path) -> list[Figure]:
    """The engine and those of others."""
    return peers.side_by_side(folder)


async def starting(folder: Path) -> list[Figure]:
    """Ready on an empty home, five times."""
    took = []
    for number in range(5):
        async with serving(folder / f"empty-{number}") as subject:
            took.append(subject.ready_s)
    return [
        Figure("ready after start on an empty home, median", f"{median(took):.2f} s", "< 3 s"),
        Figure("ready after start, worst of 5", f"{max(took):.2f} s"),
    ]


async def running(folder: Path) -> list[Figure]:
    """One run after the other on a server of their own."""
    strategies, clock = folder / "strategies", folder / "clock.npy"
    strategies.mkdir()
    (strategies / "stopwatch.py").write_text(STOPWATCH)
    (strategies / "plodder.py").write_text(PLODDER)
    environment = {"FORGE_STRATEGIES": str(strategies), CLOCK_VARIABLE: str(clock)}
    async with serving(folder / "home", **environment) as subject:
        await subject.import_minutes()
        return [
            *await finishing.finishing(subject),
            *await requests.submitting(subject),
            *await requests.asking(subject),
            *await requests.cancelling(subject),
            *await following.following(subject, clock),
        ]


async def sweeping_over(folder: Path) -> list[Figure]:
    """Large optimizations on a server of their own."""
    async with serving(folder / "home") as subject:
        return [*await sweeping.sweeping(subject, folder), *await meanwhile.meanwhile(subject)]


async def fanning_out(folder: Path) -> list[Figure]:
    """Live delivery to many."""
    return await fanout.fanning_out(folder, await built(folder, shared_out()))


async def asking_often(folder: Path) -> list[Figure]:
    """The status as many poll it."""
    return await polling.polling(folder, await built(folder, shared_out()))


async def watched(folder: Path) -> list[Figure]:
    """Many runs on one socket, and coming back."""
    load = await built(folder, shared_out())
    return [*await watching.following_many(load), *await watching.coming_back(folder, load)]


async def over_redis(folder: Path) -> list[Figure]:
    """Live delivery by way of Redis."""
    return await through_redis.through_redis(folder, await built(folder, shared_out()))


async def in_a_browser(folder: Path) -> list[Figure]:
    """The dashboard."""
    return [*await browsing.browsing(folder / "one"), *await dashboard.watching_a_crowd(folder / "crowd")]


PARTS: Final[Mapping[str, Part]] = {
    "engine": simulating,
    "peers": beside_others,
    "start": starting,
    "runs": running,
    "sweeps": sweeping_over,
    "cluster": clustered.clustered,
    "trials": paging.paging,
    "fanout": fanning_out,
    "watching": watched,
    "redis": over_redis,
    "polling": asking_often,
    "dashboard": in_a_browser,
    "hour": hour.left_open,
}
WHEN_NAMED: Final = ("hour",)
"""Parts that take too long to be measured with the others."""


async def measure(names: Sequence[str]) -> dict[str, list[Figure]]:
    """The figures of each part; none of those that cannot be had here."""
    figures = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                figures[name] = await PARTS[name](Path(folder))
            except NoCompiler as error:
                print(f"{name}: {error}")
    return figures


def main() -> None:
    """Prints the tables; with --write puts them into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--only", action="append", choices=[*PARTS], help="measure this part alone; may be repeated")
    arguments = parser.parse_args()
    measured = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}."
    figures = asyncio.run(measure(arguments.only or [name for name in PARTS if name not in WHEN_NAMED]))
    for name, part in figures.items():
        text = f"{measured}\n\n{table(part)}"
        print(text)
        if arguments.write:
            write(name, text)


if __name__ == "__main__":
    main()
