"""Which run a part of a RunKey names."""

from typing import Any, cast

import pytest
from msgspec import structs

from server.cli.faults import Fault
from server.cli.listing import AnyItem
from server.cli.which import named_run
from server.client import Forge
from server.contract.pages import BacktestPage, OptimizationPage
from tests.unit.cli.test_listing import BACKTEST, OPTIMIZATION

ALPHA = "Alpha_1.0.0_20240101-20240201_ab00000000000000000000aa"
BETA = "Beta_1.0.0_20240101-20240201_cd00000000000000000000ab"
SWEEP = "Alpha_1.0.0_20240101-20240201_ee0000000000000000000000"


class Listed:
    """A client that lists these runs, as the server searches them."""

    def __init__(self, *items: AnyItem) -> None:
        self._items = items

    def runs(self, kind: str, **filters: Any) -> BacktestPage | OptimizationPage:
        """The runs with `q` in them, the newest first."""
        wanted = [
            item
            for item in self._items
            if (item.unit == "bars") == (kind == "backtest")
            and filters.get("q", "").casefold() in f"{item.run_key}\n{item.label}".casefold()
        ]
        wanted.sort(key=lambda item: item.submitted_at, reverse=True)
        page: Any = BacktestPage if kind == "backtest" else OptimizationPage
        found = page(items=wanted[: filters["limit"]], next_cursor=None, total_count=len(wanted))
        return cast("BacktestPage | OptimizationPage", found)


def listed(*items: AnyItem) -> Forge:
    return cast("Forge", Listed(*items))


def backtest(run_key: str, **changes: Any) -> AnyItem:
    return structs.replace(BACKTEST, run_key=run_key, **changes)


THREE = listed(
    backtest(ALPHA),
    backtest(BETA, label="alpha"),
    structs.replace(OPTIMIZATION, run_key=SWEEP, submitted_at="2025-01-01T00:00:00.000Z"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (ALPHA, (ALPHA, None)),
        ("beta", (BETA, "backtest")),
        ("ab", (ALPHA, "backtest")),
        ("EE00", (SWEEP, "optimization")),
        ("0aa", (ALPHA, "backtest")),
        ("last", (SWEEP, "optimization")),
    ],
)
def test_a_part_of_a_key_is_enough(typed: str, found: tuple[str, str | None]) -> None:
    assert named_run(THREE, typed) == found


def test_an_ambiguous_part_lists_the_candidates() -> None:
    with pytest.raises(Fault, match="may be any of these runs") as told:
        named_run(THREE, "Alpha")
    assert [short for short in ("ab000000", "ee000000") if short not in told.value.message] == []
    assert "cd000000" not in told.value.message


def test_what_no_key_has_is_not_found() -> None:
    with pytest.raises(Fault, match="run_not_found: no RunKey has 'nonsense' in it"):
        named_run(THREE, "nonsense")


def test_the_only_match_among_too_many_to_list_is_not_taken() -> None:
    many = [backtest(f"Beta_1_20240101-20240201_{index:024x}", label="0aa") for index in range(150)]
    with pytest.raises(Fault, match="any of these"):
        named_run(listed(*many, backtest(ALPHA, submitted_at="2025-01-01T00:00:00.000Z")), "0aa")


def test_there_is_no_last_run_without_runs() -> None:
    with pytest.raises(Fault, match="no runs yet"):
        named_run(listed(), "last")
