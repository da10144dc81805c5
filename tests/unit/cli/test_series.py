"""Which series and period the options name."""

from typing import Any

import pytest
from msgspec import structs

from server.cli.faults import Fault
from server.cli.series import series_asked
from server.contract.catalogue import DatasetInfo
from tests.unit.cli.test_telling import dataset

FIRST, LAST = "2019-01-02T00:00:00.000Z", "2024-12-30T00:00:00.000Z"


def bars_of(asset: str, exchange: str = "NASDAQ", **changes: Any) -> DatasetInfo:
    named: dict[str, Any] = {"asset_name": asset, "exchange": exchange, "time_frame": "1d"}
    return structs.replace(dataset([]), **(named | {"first": FIRST, "last": LAST} | changes))


def asked(datasets: list[DatasetInfo], **changes: Any) -> tuple[str, ...]:
    given = {"asset": "AAPL", "exchange": "NASDAQ", "time_frame": "1d", "start": None, "end": None}
    return series_asked(datasets, given | changes)


def test_the_case_of_letters_does_not_matter() -> None:
    found = asked([bars_of("AAPL")], asset="aapl", exchange="nasdaq", time_frame="1D")
    assert found == ("AAPL", "NASDAQ", "1d", FIRST, LAST)


def test_names_that_differ_by_case_alone_are_taken_as_typed() -> None:
    both = [bars_of("ABC"), bars_of("abc")]
    assert asked(both, asset="abc")[0] == "abc"
    with pytest.raises(Fault, match="did you mean"):
        asked(both, asset="Abc")


def test_cash_flows_are_no_series_of_bars() -> None:
    with pytest.raises(Fault, match="no data set AAPL on NASDAQ"):
        asked([bars_of("AAPL", time_frame="funding", kind="funding")], time_frame="funding")


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(Fault, match=r"no data set APPL on NASDAQ; did you mean AAPL\?"):
        asked([bars_of("AAPL"), bars_of("MSFT")], asset="APPL")
    with pytest.raises(Fault, match=r"no data set AAPL on NASDQ; did you mean NASDAQ\?"):
        asked([bars_of("AAPL")], exchange="NASDQ")


def test_a_name_unlike_any_is_answered_with_all_that_there_are() -> None:
    with pytest.raises(Fault, match="there is AAPL, MSFT"):
        asked([bars_of("MSFT"), bars_of("AAPL")], asset="EURUSD")


def test_a_frame_by_another_name_is_left_to_the_server() -> None:
    assert asked([bars_of("AAPL")], time_frame="24:00:00")[2:] == ("24:00:00", FIRST, LAST)


def test_the_newest_version_bounds_the_period() -> None:
    newer = bars_of("AAPL", version=2, last="2025-02-03T00:00:00.000Z")
    assert asked([bars_of("AAPL"), newer])[4] == newer.last


def test_a_start_after_the_data_is_told_where_the_data_ends() -> None:
    with pytest.raises(Fault, match=r"AAPL 1d on NASDAQ ends at 2024-12-30 00:00, before --from 2030-01-01 00:00"):
        asked([bars_of("AAPL")], start="2030-01-01T00:00:00.000Z")


def test_an_end_before_the_data_is_told_where_the_data_begins() -> None:
    with pytest.raises(Fault, match=r"AAPL 1d on NASDAQ begins at 2019-01-02 00:00, after --to 2000-01-01"):
        asked([bars_of("AAPL")], end="2000-01-01T23:59:59.999Z")
