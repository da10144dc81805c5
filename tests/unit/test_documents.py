"""The code in the documents runs, compiled and interpreted alike, and their tables are complete."""

import importlib.util
import re
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Final, get_args

import pytest

from server.contract.events import EventType
from server.contract.requests import Account, Commission
from server.contract.results import METRIC_NAMES
from server.data.instrument import Instrument
from server.engine.compile.calls import _MATH
from server.engine.compile.check import why_not_compilable
from server.engine.kernel.reasons import REASONS
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies import Strategy
from tests.forms import both_forms
from tests.trading import COIN, HOUR_MS, Bars, bars_of, run, walk

ROOT: Final = Path(__file__).parents[2]
TEXTS: Final = ("README.md", "docs/strategies.md", "docs/engine.md")
OTHER: Final = Instrument(
    asset_name="OTHER", exchange="Test", tick_size=Decimal("0.01"), lot_size=Decimal("0.001"), quote="USD"
)
UNDER: Final = EngineSettings(
    initial_cash=1e6,
    commission=Commission(model="rate", value=0.0001),
    account=Account(type="margin", leverage=5.0, maintenance_rate=0.01),
    slippage_ticks=1,
)
FRAGMENT: Final = """\
from server.strategies import DAY, Bar, Strategy


class Fragment(Strategy):
    def on_bar(self, bar: Bar) -> None:
        quantity = 1.0
        level = bar.high + 10
"""
"""What stands around lines of a strategy that a text shows without it."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def code_in(name: str) -> list[str]:
    """The strategies in a text, lines of an `on_bar` completed to one; programs of the client are run elsewhere."""
    blocks = re.findall(r"^```python\n(?!from server\.client )(.*?)^```", text_of(name), re.DOTALL | re.MULTILINE)
    return [block if "class " in block else FRAGMENT + textwrap.indent(block, " " * 8) for block in blocks]


BLOCKS: Final = [pytest.param(code, id=f"{name}-{at}") for name in TEXTS for at, code in enumerate(code_in(name))]


def loaded(code: str, folder: Path) -> ModuleType:
    """The module with this text, which the compiler reads from its file."""
    path = folder / "example.py"
    path.write_text(code)
    spec = importlib.util.spec_from_file_location("example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def strategies_of(module: ModuleType) -> list[type[Strategy]]:
    return [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Strategy) and item.__module__ == "example"
    ]


def series_for(strategy: type[Strategy]) -> list[Series]:
    """Hourly bars of one asset; of two for what trades a spread, with bars of four hours for what is filtered."""
    count = 2_000
    main = walk(count)
    series = [Series(main, 0, count, COIN, HOUR_MS)]
    if strategy.__name__ == "Spread":
        series.append(Series(walk(count, seed=8), 0, count, OTHER, HOUR_MS))
    if strategy.__name__ == "Filtered":
        long = four_hours(main)
        series.append(Series(long, 0, long.shape[1], COIN, 4 * HOUR_MS))
    return series


def four_hours(bars: Bars) -> Bars:
    """Four bars in one; a week of the walk has a whole number of them."""
    first, last = bars[:, ::4], bars[:, 3::4]
    highs, lows = bars[2].reshape(-1, 4).max(axis=1), bars[3].reshape(-1, 4).min(axis=1)
    volumes = bars[5].reshape(-1, 4).sum(axis=1)
    made = first.copy()
    made[2], made[3], made[4], made[5] = highs, lows, last[4], volumes
    return made


@pytest.mark.parametrize("code", BLOCKS)
def test_code_in_a_text_compiles_trades_and_does_the_same_in_both_forms(code: str, tmp_path: Path) -> None:
    strategies = strategies_of(loaded(code, tmp_path))
    assert strategies
    for strategy in strategies:
        assert why_not_compilable(strategy) is None
        fills = both_forms(strategy, series_for(strategy), {}, UNDER).metrics.total_fills
        assert fills > 0 or strategy.__name__ == "Fragment"  # lines that only cancel


def rows_after(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    below = text.partition(f"\n{heading}\n")[2]
    lines = below[below.index("\n|") + 1 :].splitlines()
    table = lines[: next(at for at, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def names_in(cells: Sequence[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)]


def test_the_bar_worked_by_hand_is_what_the_engine_does(tmp_path: Path) -> None:
    text = text_of("docs/engine.md")
    (code,) = (block for block in code_in("docs/engine.md") if "class Worked" in block)
    rows = rows_after(text, "### Worked by hand")
    candles = [tuple(int(cell) for cell in row[1:5]) for row in rows]
    under = EngineSettings(
        initial_cash=1e6, commission=Commission(model="rate", value=0.0), account=Account(), slippage_ticks=1
    )
    result = run(loaded(code, tmp_path).Worked, bars_of(candles), under=under)
    filled = [
        (int(fill["bar"]), "buys" if fill["quantity"] > 0 else "sells", round(fill["price"] * 100))
        for fill in result.fills
    ]
    told = [
        (int(row[0]), match[1], int(match[2]))
        for row in rows
        for match in re.finditer(r"(buys|sells) at (\d+)", row[5])
    ]
    assert filled == told


def test_every_reason_of_a_rejection_is_told() -> None:
    told = [row[0] for row in rows_after(text_of("docs/engine.md"), "## Rejections")]
    assert sorted(told) == sorted(REASONS[1:])


def test_every_metric_is_told() -> None:
    told = names_in([row[0] for row in rows_after(text_of("docs/engine.md"), "## Metrics")])
    assert sorted(told) == sorted(METRIC_NAMES)


def test_every_event_is_told() -> None:
    told = names_in([row[0] for row in rows_after(text_of("docs/protocol.md"), "### Events")])
    assert sorted(told) == sorted(get_args(EventType))


def test_what_bar_code_has_of_math_is_told() -> None:
    (told,) = re.findall(r"and of `math`\s+`([^`]+)`", text_of("docs/strategies.md"))
    assert told.split() == sorted(_MATH)


@pytest.mark.parametrize("name", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
def test_a_text_links_to_what_exists(name: str) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", text_of(name))
    missing = []
    for target in targets:
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        path = ROOT / name if not file else (ROOT / name).parent / file
        if not path.exists() or (anchor and anchor not in anchors(path)):
            missing.append(target)
    assert missing == []


def anchors(path: Path) -> set[str]:
    """The headings of a text as links name them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
