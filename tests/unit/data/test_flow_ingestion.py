"""Cash flows as people have them: what is taken, what is refused, and where they stand in the catalogue."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.data.catalogue import Catalogue
from server.data.flow_ingestion import FlowOrder, import_flows
from server.data.flows import open_flows
from server.data.stored import QUARANTINE_FILE
from tests.unit.data.arrow_files import as_feather, as_parquet
from tests.unit.data.csv_files import FIRST_MS, HOUR_MS, Importer, hours

FUNDING = "time,rate\n2024-01-01T00:00:00Z,0.0001\n2024-01-01T08:00:00Z,-0.00005\n2024-01-01T16:00:00Z,0\n"
KEPT = [[FIRST_MS, FIRST_MS + 8 * HOUR_MS, FIRST_MS + 16 * HOUR_MS], [100_000, -50_000, 0]]


class FlowImporter:
    """Imports texts into a catalogue of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root / "datasets"
        self._file = root / "upload"

    def add(self, content: str | bytes, *, created: bool = True, **order: Any) -> list[list[int]]:
        """Imports funding of ACME; the times and amounts that the catalogue then holds."""
        self._file.write_bytes(content.encode() if isinstance(content, str) else content)
        known: dict[str, Any] = {"kind": "funding", "asset_name": "ACME", "exchange": "TEST"}
        self.info, is_new = import_flows(self._file, self.root, FlowOrder(**{**known, **order}))
        assert is_new == created
        rows: list[list[int]] = open_flows(self.root / self.info.id).tolist()
        return rows

    def refused(self, content: str, **order: Any) -> dict[str, str]:
        """What is said of each place, nothing being left."""
        with pytest.raises(ForgeError) as refusal:
            self.add(content, **order)
        assert refusal.value.code == "bad_rows"
        assert [path for path in self.root.rglob("*") if path.name not in (".staging", ".lock")] == []
        return {error.path: error.message for error in refusal.value.errors}


@pytest.fixture
def flows(tmp_path: Path) -> FlowImporter:
    """An empty catalogue."""
    return FlowImporter(tmp_path)


def test_rates_are_kept_in_units_of_a_billionth(flows: FlowImporter) -> None:
    assert flows.add(FUNDING) == KEPT
    info = flows.info
    assert (info.kind, info.time_frame, info.version, info.rows) == ("funding", "funding", 1, 3)
    assert (info.first, info.last) == ("2024-01-01T00:00:00.000Z", "2024-01-01T16:00:00.000Z")
    assert info.id.startswith("acme-test-funding-")


def test_dividends_are_amounts_of_quote_currency(flows: FlowImporter) -> None:
    kept = flows.add("Date,Dividends\n2024-02-09,0.24\n2024-05-10,0.25\n", kind="dividends", quote="EUR")
    assert kept[1] == [240_000_000, 250_000_000]
    assert (flows.info.kind, flows.info.quote) == ("dividends", "EUR")


@pytest.mark.parametrize(
    "content",
    [
        FUNDING.replace(",", ";"),
        "calc_time,last_funding_rate\n1704067200000,0.00010000\n1704096000000,-5e-05\n1704124800000,0.000\n",
        "symbol,fundingTime,fundingRate\nA,1704067200,0.000100000000\nA,1704096000,-0.00005\nA,1704124800,0\n",
    ],
)
def test_the_forms_of_vendors_are_known(flows: FlowImporter, content: str) -> None:
    assert flows.add(content) == KEPT


@pytest.mark.parametrize("write", [as_parquet, as_feather])
def test_tables_are_taken_too(flows: FlowImporter, write: Any) -> None:
    times = pa.array(KEPT[0], pa.timestamp("ms", "UTC"))
    assert flows.add(write(pa.table({"time": times, "rate": [0.0001, -0.00005, 0.0]}))) == KEPT


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2024-01-02,0.1234567891", "has more than 9 decimals"),
        ("2024-01-02,0.0000000000000001", "has more than 9 decimals"),
        ("2024-01-02,1e-10", "has more than 9 decimals"),
        ("2024-01-02,1.5", "not within -1 and 1"),
        ("2024-01-02,-2", "not within -1 and 1"),
        ("2024-01-02,", "is empty"),
        ("2024-01-02,nan", "is no number"),
        ("2024-01-02,1e30", "out of range"),
        ("2024-01-02,0.1,0.2", "has 3 fields"),
        ("2024-01-01T16:00:00Z,0.1", "has the time of line 4"),
        ("2024-01-01T09:00:00Z,0.1", "is earlier than line 4"),
        ("soon,0.1", "is no time"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(flows: FlowImporter, row: str, said: str) -> None:
    told = flows.refused(f"{FUNDING}{row}\n")
    assert list(told) == ["line 5"]
    assert said in told["line 5"]


def test_a_negative_dividend_is_refused(flows: FlowImporter) -> None:
    told = flows.refused("date,amount\n2024-02-09,-0.24\n", kind="dividends")
    assert told == {"line 2": "amount is negative"}
    assert "too large" in flows.refused("date,amount\n2024-02-09,5000000000\n", kind="dividends")["line 2"]


@pytest.mark.parametrize("content", ["", "time,rate\n", "time,open,high,low,close\n2024-01-01,1,1,1,1\n"])
def test_what_holds_no_cash_flows_is_refused(flows: FlowImporter, content: str) -> None:
    assert flows.refused(content) == {}


def test_bad_rows_are_left_out_on_request(flows: FlowImporter) -> None:
    assert flows.add(f"{FUNDING}2024-01-02,nan\n", quarantine=True) == KEPT
    assert flows.info.quarantined == 1
    assert "line 5: rate 'nan' is no number" in (flows.root / flows.info.id / QUARANTINE_FILE).read_text()


def test_the_same_content_is_one_version_and_other_content_the_next(flows: FlowImporter) -> None:
    flows.add(FUNDING)
    first = flows.info
    flows.add(FUNDING.replace(",", ";"), created=False)
    assert flows.info == first
    flows.add(FUNDING.replace("0.0001", "0.0002"))
    assert (flows.info.version, flows.info.id == first.id) == (2, False)
    assert Catalogue(flows.root).resolve_flows("ACME", "TEST", "funding", "cashFlows[0]") == flows.info


def test_cash_flows_are_no_bars(importer: Importer) -> None:
    importer.add(hours(["100,101,99,100,1"] * 6))
    flows = FlowImporter(importer.root.parent)
    flows.add(FUNDING)
    flows.add(FUNDING, asset_name="OTHER")
    catalogue = Catalogue(importer.root)
    assert [(info.asset_name, info.kind) for info in catalogue.all()] == [
        ("ACME", "bars"),
        ("ACME", "funding"),
        ("OTHER", "funding"),
    ]
    assert catalogue.resolve("ACME", "TEST", "1h").kind == "bars"
    assert catalogue.resampling_source("ACME", "TEST", "2h") == importer.info
    for asset, frame in (("ACME", "funding"), ("OTHER", "1h")):
        with pytest.raises(InvalidRequest):
            catalogue.resolve(asset, "TEST", frame)


def test_missing_cash_flows_are_named_with_what_there_is(flows: FlowImporter) -> None:
    flows.add(FUNDING)
    catalogue = Catalogue(flows.root)
    with pytest.raises(InvalidRequest, match="there is that of ACME on TEST") as refusal:
        catalogue.resolve_flows("BETA", "TEST", "funding", "cashFlows[0]")
    assert (refusal.value.code, refusal.value.errors[0].path) == ("unknown_dataset", "cashFlows[0]")
    with pytest.raises(InvalidRequest, match="none was imported yet"):
        catalogue.resolve_flows("ACME", "TEST", "dividends", "cashFlows[0]")


def test_a_file_that_was_cut_off_is_left_out(flows: FlowImporter) -> None:
    flows.add(FUNDING)
    path = flows.root / flows.info.id / "flows.npy"
    path.write_bytes(path.read_bytes()[:-8])
    assert Catalogue(flows.root).all() == []


def test_a_map_of_cash_flows_cannot_be_written(flows: FlowImporter) -> None:
    flows.add(FUNDING)
    kept = open_flows(flows.root / flows.info.id)
    assert kept.dtype == np.int64
    assert not kept.flags.writeable
