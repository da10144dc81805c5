"""Runs of both kinds in one list."""

import json
from typing import Any

import click
import pytest
from click.testing import CliRunner
from msgspec import structs

from server.cli.listing import AnyItem
from server.cli.runs import in_order, show_runs
from server.contract.status import KeyMetrics
from tests.unit.cli.test_listing import BACKTEST, OPTIMIZATION
from tests.unit.cli.test_which import listed

EARLY: AnyItem = structs.replace(BACKTEST, run_key="early", submitted_at="2024-01-01T00:00:00.000Z", metrics=None)
RICH: AnyItem = structs.replace(OPTIMIZATION, run_key="rich", metrics=KeyMetrics(net_profit=5.0))
POOR: AnyItem = structs.replace(BACKTEST, run_key="poor", submitted_at="2025-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("-submittedAt", ["poor", "rich", "early"]),
        ("submittedAt", ["early", "rich", "poor"]),
        ("-netProfit", ["rich", "poor", "early"]),
        ("netProfit", ["poor", "rich", "early"]),
    ],
)
def test_both_kinds_are_sorted_together_and_what_is_undefined_comes_last(sort: str, keys: list[str]) -> None:
    assert [item.run_key for item in in_order([EARLY, RICH, POOR], sort)] == keys


def shown(*items: AnyItem, **asked: Any) -> str:
    """What a list of these runs prints."""

    @click.command()
    def command() -> None:
        show_runs(listed(*items), 2, **asked)

    return CliRunner().invoke(command).output


def test_a_list_as_json_is_one_array() -> None:
    assert [one["runKey"] for one in json.loads(shown(EARLY, RICH, POOR, as_json=True))] == ["poor", "rich"]


def test_a_list_that_is_cut_says_so() -> None:
    assert "2 of 3; --limit shows more" in shown(EARLY, RICH, POOR, as_json=False)


def test_an_empty_list_says_why() -> None:
    assert "no runs yet" in shown(as_json=False)
    assert "no run is like that" in shown(as_json=False, strategy="Probe")
