"""Which series, with which cash flows, a submission names; and what its RunKey is then."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
import pytest

from server.contract.catalogue import StrategyInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import BacktestRequest, OptimizationRequest
from server.runs.prepare import prepare
from server.runs.prepared import AnyPrepared
from server.strategies.source import FoundStrategy, StrategySource
from tests.unit.runs.shelf import Shelf

SOURCE: Final = StrategySource(
    name="Probe", version="1.0.0", source_hash="0" * 24, directory="", module="probe", class_name="Probe"
)
FOUND: Final = FoundStrategy(info=StrategyInfo(name="Probe", version="1.0.0", source_hash="0" * 24), source=SOURCE)
RUN: Final[Mapping[str, Any]] = {
    "strategyName": "Probe",
    "startTime": "1970-01-01T00:00:00Z",
    "endTime": "1970-01-02T00:00:00Z",
    "initialCash": 10_000,
}
ONE: Final[Mapping[str, Any]] = {**RUN, "assetName": "AAA", "exchange": "X", "timeFrame": "1h"}


@pytest.fixture
def shelf() -> Shelf:
    """Two assets, one of them in two time frames."""
    shelf = Shelf()
    shelf.put("AAA")
    shelf.put("AAA", "2h")
    shelf.put("BBB")
    return shelf


@pytest.fixture
def prepared(shelf: Shelf) -> Callable[..., AnyPrepared]:
    """Prepares a backtest, or with axes an optimization."""

    def prepare_it(request: Mapping[str, Any], **changes: Any) -> AnyPrepared:
        given = {**request, **changes}
        kind: Any = OptimizationRequest if "axes" in given else BacktestRequest
        return prepare(msgspec.convert(given, kind), FOUND, shelf)

    return prepare_it


def several(*assets: str, **changes: Any) -> dict[str, Any]:
    """A request of several series, `AAA` or `AAA 2h` each."""
    named = [(*asset.split(), "1h")[:2] for asset in assets]
    subscriptions = [{"assetName": asset, "exchange": "X", "timeFrame": frame} for asset, frame in named]
    return {**RUN, "dataSubscriptions": subscriptions, **changes}


def refused(prepared: Callable[..., AnyPrepared], request: Mapping[str, Any]) -> tuple[str, str, str]:
    """Code, path and message of the refusal."""
    with pytest.raises(InvalidRequest) as refusal:
        prepared(request)
    (error,) = refusal.value.errors
    return refusal.value.code, error.path, error.message


def test_the_run_key_of_one_series_is_what_it_was_before_there_were_several(
    prepared: Callable[..., AnyPrepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.runs.run_settings.ENGINE_VERSION", "1.0.0")
    assert prepared(ONE).run_key == "Probe_1.0.0_19700101-19700102_2246a0cbf73dab0749ba4001"
    assert prepared(several("AAA")).run_key == prepared(ONE).run_key
    assert prepared(ONE, cashFlows=[]).run_key == prepared(ONE).run_key
    assert prepared(ONE, axes={}).run_key == "Probe_1.0.0_19700101-19700102_cc5bef73f2b13e22dea5cc4c"


def test_several_series_are_one_slice_each_in_their_order(prepared: Callable[..., AnyPrepared]) -> None:
    made = prepared(several("BBB", "AAA", "AAA 2h"))
    assert [part.dataset.id for part in made.data] == ["bbb-1h", "aaa-1h", "aaa-2h"]
    assert [part.directory for part in made.data] == ["/data/bbb-1h", "/data/aaa-1h", "/data/aaa-2h"]
    assert made.total == made.bars == 25 + 25 + 24  # the last of two hours is not complete with the main series
    assert made.settings_sent["dataSubscriptions"][0] == {"assetName": "BBB", "exchange": "X", "timeFrame": "1h"}
    assert "assetName" not in made.settings_sent


def test_an_optimization_counts_combinations_and_reads_every_series(prepared: Callable[..., AnyPrepared]) -> None:
    made = prepared(several("AAA", "BBB"), axes={})
    assert (made.total, made.bars) == (1, 50)


def test_a_result_s_settings_give_the_same_run_again(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    shelf.put_flows("AAA", "dividends")
    shelf.put_flows("BBB", "dividends")
    for request in (ONE, several("AAA", "BBB"), several("AAA", "BBB", cashFlows=["dividends"])):
        made = prepared(request)
        assert prepared(made.settings_sent, strategyName="Probe").run_key == made.run_key


def test_order_and_content_of_every_series_are_part_of_the_identity(
    prepared: Callable[..., AnyPrepared], shelf: Shelf
) -> None:
    keys = {
        prepared(several(*assets)).run_key for assets in (("AAA", "BBB"), ("BBB", "AAA"), ("AAA",), ("AAA", "AAA 2h"))
    }
    shelf.put("BBB", content="corrected")
    keys.add(prepared(several("AAA", "BBB")).run_key)
    assert len(keys) == 5


def test_a_series_that_is_not_there_is_named_by_its_place(prepared: Callable[..., AnyPrepared]) -> None:
    code, path, _ = refused(prepared, several("AAA", "BBB", "CCC"))
    assert (code, path) == ("unknown_dataset", "dataSubscriptions[2].assetName")


def test_the_same_series_twice_is_refused(prepared: Callable[..., AnyPrepared]) -> None:
    code, path, message = refused(prepared, several("AAA", "BBB", "AAA"))
    assert (code, path) == ("invalid_request", "dataSubscriptions[2]")
    assert message == "is AAA 1h of X again, which dataSubscriptions[0] names"


def test_another_currency_is_refused(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    shelf.put("EEE", quote="EUR")
    code, path, message = refused(prepared, several("AAA", "EEE"))
    assert (code, path) == ("invalid_request", "dataSubscriptions[1]")
    assert "quoted in EUR, the main series in USD" in message


def test_two_series_of_one_asset_in_other_units_are_refused(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    shelf.put("AAA", "4h", tick_size=0.001)
    code, path, message = refused(prepared, several("BBB", "AAA", "AAA 4h"))
    assert (code, path) == ("invalid_request", "dataSubscriptions[2]")
    assert message.startswith("AAA 4h of X has the tick size 0.001, AAA 1h of X 0.01;")


def test_a_series_without_a_bar_in_the_period_is_named(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    shelf.put("LATE", from_hour=500)
    code, path, message = refused(prepared, several("AAA", "LATE"))
    assert (code, path) == ("empty_period", "dataSubscriptions[1]")
    assert message.startswith("LATE 1h of X has no bars in this period")
    assert refused(prepared, {**ONE, "assetName": "LATE"})[:2] == ("empty_period", "startTime")


def test_bars_that_are_complete_only_after_the_main_series_are_left_out(
    prepared: Callable[..., AnyPrepared], shelf: Shelf
) -> None:
    shelf.put("EARLY", from_hour=-90)  # ends with the bar of hour 9
    assert [part.rows for part in prepared(several("EARLY", "AAA", "AAA 2h")).data] == [10, 10, 9]
    assert [part.rows for part in prepared(several("AAA 2h", "AAA", "BBB")).data] == [25, 25, 25]
    shelf.put("LONG", "1d")
    code, path, message = refused(prepared, several("EARLY", "LONG 1d"))
    assert (code, path) == ("empty_period", "dataSubscriptions[1]")
    assert "is complete before the main series ends at 1970-01-01T10:00:00.000Z" in message


MARGIN: Final = {"account": {"type": "margin"}}


def test_cash_flows_go_with_every_series_that_asks_for_them(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    for asset in ("AAA", "BBB"):
        shelf.put_flows(asset, "funding")
        shelf.put_flows(asset, "dividends")
    made = prepared(several("AAA", "BBB", cashFlows=["dividends", "funding"], **MARGIN))
    kinds = [[(feed.kind, feed.directory) for feed in part.feeds] for part in made.data]
    assert kinds == [
        [("funding", "/data/aaa-funding"), ("dividends", "/data/aaa-dividends")],
        [("funding", "/data/bbb-funding"), ("dividends", "/data/bbb-dividends")],
    ]
    assert prepared(several("AAA", "BBB", **MARGIN)).data[0].feeds == []


def test_cash_flows_are_part_of_the_identity_in_whatever_order_they_are_asked_for(
    prepared: Callable[..., AnyPrepared], shelf: Shelf
) -> None:
    shelf.put_flows("AAA", "funding")
    shelf.put_flows("AAA", "dividends")
    request = {**ONE, **MARGIN}
    both = prepared(request, cashFlows=["funding", "dividends"]).run_key
    assert prepared(request, cashFlows=["dividends", "funding"]).run_key == both
    keys = {both, prepared(request).run_key, prepared(request, cashFlows=["funding"]).run_key}
    shelf.put_flows("AAA", "funding", content="corrected")
    keys.add(prepared(request, cashFlows=["funding"]).run_key)
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"cashFlows": ["dividends", "dividends"]}, "invalid_request", "cashFlows[1]"),
        ({"cashFlows": ["dividends", "funding"]}, "invalid_request", "cashFlows[1]"),
        ({"cashFlows": ["funding"], "account": {"type": "margin"}}, "unknown_dataset", "cashFlows[0]"),
    ],
)
def test_cash_flows_that_cannot_be_are_named(
    prepared: Callable[..., AnyPrepared], shelf: Shelf, change: dict[str, Any], code: str, path: str
) -> None:
    shelf.put_flows("AAA", "dividends")
    assert refused(prepared, {**ONE, **change})[:2] == (code, path)


def test_dividends_in_another_currency_are_refused(prepared: Callable[..., AnyPrepared], shelf: Shelf) -> None:
    shelf.put_flows("AAA", "dividends", quote="EUR")
    assert "are in EUR, its prices in USD" in refused(prepared, {**ONE, "cashFlows": ["dividends"]})[2]
