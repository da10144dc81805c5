"""The tables in the texts are complete, and what was worked by hand there is so."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from server import __version__
from server.contract.events import EventType
from server.contract.requests import Account, Commission
from server.contract.results import METRIC_NAMES
from server.engine.compile.calls import _MATH
from server.engine.kernel.reasons import REASONS
from server.engine.settings import EngineSettings
from tests.documents.strategies import code_in, loaded
from tests.documents.texts import text_of
from tests.trading import bars_of, run


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


def test_the_changes_begin_with_this_version() -> None:
    (newest, *_) = re.findall(r"^## ([\d.]+)", text_of("docs/changelog.md"), re.MULTILINE)
    assert newest == __version__


def test_what_bar_code_has_of_math_is_told() -> None:
    (told,) = re.findall(r"and of `math`\s+`([^`]+)`", text_of("docs/strategies.md"))
    assert told.split() == sorted(_MATH)
