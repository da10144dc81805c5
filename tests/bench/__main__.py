"""`make bench`: measures the server and writes the tables of docs/benchmarks.md."""

import argparse
import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import engine, following, requests
from tests.bench.figures import Figure, machine, median, table
from tests.bench.subject import CLOCK_VARIABLE, STOPWATCH, serving

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


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


async def measure() -> list[Figure]:
    """All figures, on a server of their own."""
    figures = list(engine.simulating())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures += await starting(folder)
        strategies, clock = folder / "strategies", folder / "clock.npy"
        strategies.mkdir()
        (strategies / "stopwatch.py").write_text(STOPWATCH)
        environment = {"FORGE_STRATEGIES": str(strategies), CLOCK_VARIABLE: str(clock)}
        async with serving(folder / "home", **environment) as subject:
            await subject.import_minutes()
            figures += await requests.submitting(subject)
            figures += await requests.asking(subject)
            figures += await requests.cancelling(subject)
            figures += await following.following(subject, clock)
    return figures


def main() -> None:
    """Prints the table; with --write puts it into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    text = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}.\n\n{table(asyncio.run(measure()))}"
    print(text)
    if arguments.write:
        page = PAGE.read_text()
        before, _, rest = page.partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


if __name__ == "__main__":
    main()
