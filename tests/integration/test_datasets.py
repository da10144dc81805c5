"""Uploads to the catalogue: what is taken, what is refused, what is left behind."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest

from server.contract.media import ARROW_FILE, CSV, PARQUET
from tests.integration.site import Site, bars_csv
from tests.unit.data.arrow_files import as_feather, as_parquet, bars

HOUR_MS: Final = 3_600_000
HEADER: Final = "timestamp,open,high,low,close,volume"
ROW: Final = "2024-01-01T{hour:02d}:00:00Z,1.10,1.20,1.00,1.15,5"


def rows(*changed: str) -> str:
    """Five good rows, then these, then a good one."""
    good = [ROW.format(hour=hour) for hour in range(5)]
    return "\n".join([HEADER, *good, *changed, ROW.format(hour=20)]) + "\n"


def left_behind(site: Site) -> list[str]:
    """What there is in the catalogue's folder."""
    return sorted(str(path.relative_to(site.served.home)) for path in (site.served.home / "datasets").rglob("*"))


@pytest.fixture
def bring(site: Site) -> Iterator[Callable[..., httpx.Response]]:
    """Uploads as an asset of its own; what was made goes at the end."""
    asset = f"SERIES{site.another()}"
    yield lambda csv, **query: site.bring(csv, **{"assetName": asset, **query})
    for item in site.http.get("/api/datasets").json()["items"]:
        if item["assetName"].startswith(asset):
            site.http.delete(f"/api/datasets/{item['id']}")


def test_an_upload_is_described_and_listed(site: Site, bring: Callable[..., httpx.Response]) -> None:
    answer = bring(bars_csv(500, seed=5), source="a test")
    dataset = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/datasets/{dataset['id']}"
    assert (dataset["rows"], dataset["timeFrame"], dataset["version"], dataset["quote"]) == (500, "1h", 1, "USD")
    assert (dataset["first"], dataset["last"]) == ("2024-01-01T00:00:00.000Z", "2024-01-21T19:00:00.000Z")
    assert (dataset["tickSize"], dataset["lotSize"], dataset["multiplier"]) == (0.01, 1.0, 1.0)
    assert (dataset["source"], dataset["synthetic"], dataset["gapCount"], dataset["gaps"]) == ("a test", False, 0, [])
    assert dataset in site.http.get("/api/datasets").json()["items"]
    assert site.http.get(answer.headers["location"]).json() == dataset


def test_sizes_and_quote_can_be_given(bring: Callable[..., httpx.Response]) -> None:
    given = {"tickSize": "0.005", "lotSize": "0.1", "quote": "EUR", "multiplier": "50"}
    dataset = bring(bars_csv(200), **given).json()
    assert (dataset["tickSize"], dataset["lotSize"], dataset["quote"], dataset["multiplier"]) == (0.005, 0.1, "EUR", 50)


def test_the_same_content_again_is_the_same_data_set(bring: Callable[..., httpx.Response]) -> None:
    csv = bars_csv(200)
    first, again = bring(csv), bring(csv.replace(",", ";"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_other_content_is_the_next_version(site: Site, bring: Callable[..., httpx.Response]) -> None:
    first, second = bring(bars_csv(200, seed=1)).json(), bring(bars_csv(200, seed=2)).json()
    assert (first["version"], second["version"]) == (1, 2)
    assert first["id"] != second["id"]
    assert first["contentHash"] != second["contentHash"]
    settings = {"assetName": first["assetName"], "strategyName": "BuyAndHold"}
    done = site.run("backtests", site.fresh(**settings))
    assert done["result"]["data"][0]["datasetId"] == second["id"]


def test_new_data_makes_another_run_of_the_same_request(site: Site, bring: Callable[..., httpx.Response]) -> None:
    request = site.fresh(assetName=bring(bars_csv(200, seed=1)).json()["assetName"])
    keys = [site.run("backtests", request)["runKey"]]
    bring(bars_csv(200, seed=2))
    keys.append(site.run("backtests", request)["runKey"])
    assert len(set(keys)) == 2


def test_gaps_are_reported(bring: Callable[..., httpx.Response]) -> None:
    lines = bars_csv(300).splitlines(keepends=True)
    del lines[201:211], lines[101]
    dataset = bring("".join(lines)).json()
    assert dataset["gapCount"] == 2
    assert dataset["gaps"] == [
        {"from": "2024-01-09T08:00:00.000Z", "to": "2024-01-09T17:00:00.000Z", "bars": 10},
        {"from": "2024-01-05T04:00:00.000Z", "to": "2024-01-05T04:00:00.000Z", "bars": 1},
    ]


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("time,open,high,low,close,volume", "2024-01-01T{hour:02d}:00:00Z"),
        ("Date,Open,High,Low,Close,Volume", "2024-01-01 {hour:02d}:00:00"),
        ("timestamp,o,h,l,c,v", "{seconds}"),
        ("open_time,open,high,low,close,volume", "{seconds}000"),
        ("ts,open,high,low,close,volume", "{seconds}000000000"),
    ],
)
def test_usual_names_and_times_are_understood(bring: Callable[..., httpx.Response], header: str, time: str) -> None:
    times = [time.format(hour=hour, seconds=1_704_067_200 + hour * 3_600) for hour in range(5)]
    dataset = bring("\n".join([header, *(f"{moment},1.1,1.2,1.0,1.15,5" for moment in times)])).json()
    assert (dataset["rows"], dataset["first"], dataset["last"]) == (
        5,
        "2024-01-01T00:00:00.000Z",
        "2024-01-01T04:00:00.000Z",
    )


def test_a_series_without_volume_is_taken(bring: Callable[..., httpx.Response]) -> None:
    lines = [line.rpartition(",")[0] for line in bars_csv(200).splitlines()]
    assert bring("\n".join(lines)).status_code == 201


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2024-01-01T04:00:00Z,1.1,1.2,1.0,1.15,5", "has the time of line 6"),
        ("2024-01-01T01:30:00Z,1.1,1.2,1.0,1.15,5", "earlier than line 6"),
        ("2024-01-01T06:00:00Z,1.1,1.0,1.0,1.15,5", "high is below"),
        ("2024-01-01T06:00:00Z,1.1,1.2,1.12,1.15,5", "low is above"),
        ("2024-01-01T06:00:00Z,1.1,1.2,0,1.15,5", "low is not above 0"),
        ("2024-01-01T06:00:00Z,1.1,1.2,1.0,nan,5", "close"),
        ("2024-01-01T06:00:00Z,1.1,inf,1.0,1.15,5", "high"),
        ("2024-01-01T06:00:00Z,1.1,1.2,1.0,dear,5", "close"),
        ("2024-01-01T06:00:00Z,1.1,1.2,1.0,1.15,-5", "volume is negative"),
        ("2024-01-01T06:00:00Z,1.1,1.2,1.0", "has 4 fields"),
        ("the sixth hour,1.1,1.2,1.0,1.15,5", ""),
    ],
)
def test_a_bad_row_is_refused_with_its_line(site: Site, row: str, said: str) -> None:
    before = left_behind(site)
    body = site.problem(site.bring(rows(row), assetName="BAD"), 400, "bad_rows", "line 7")
    assert [error["path"] for error in body["errors"]] == ["line 7"]
    assert said in body["errors"][0]["message"]
    assert left_behind(site) == before


def test_all_bad_rows_are_counted_and_the_first_listed(site: Site) -> None:
    body = site.problem(site.bring(rows(*["x,1,1,1,1,1"] * 50), assetName="BAD"), 400, "bad_rows")
    assert "50 rows are bad" in body["detail"]
    assert [error["path"] for error in body["errors"]] == [f"line {line}" for line in range(7, 27)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        HEADER.encode(),
        b"a,b,c\n1,2,3\n",
        b"\x1f\x8b\x08\x00" + b"\x00" * 60,
        b"PAR1" + b"\x00" * 60,
        b"\xff\xfet\x00i\x00",
        b"PK\x03\x04" + b"\x00" * 60,
        b"\x80" * 1_000,
        b'timestamp,open,high,low,close\n"2024',
        b"x" * 200_000,
    ],
)
def test_what_is_no_csv_of_bars_is_refused(site: Site, content: bytes) -> None:
    before = left_behind(site)
    named = {"assetName": "BAD", "exchange": "TEST", "timeFrame": "1h"}
    answer = site.http.post("/api/datasets", params=named, content=content, headers={"Content-Type": "text/csv"})
    site.problem(answer, 400, "bad_rows")
    assert left_behind(site) == before


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"timeFrame": "soon"}, "timeFrame"),
        ({"timeFrame": "4h"}, "timeFrame"),
        ({"timeFrame": "1d"}, "timeFrame"),
        ({"tickSize": "0"}, "tickSize"),
        ({"tickSize": "0.02"}, "tickSize"),
        ({"tickSize": "-1"}, "tickSize"),
        ({"lotSize": "one"}, "lotSize"),
        ({"assetName": ""}, "assetName"),
        ({"assetName": "A\nB"}, "assetName"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_description_is_named(site: Site, query: dict[str, str], path: str) -> None:
    before = left_behind(site)
    site.problem(site.bring(bars_csv(200), **{"assetName": "BAD", **query}), 400, "invalid_request", path)
    assert left_behind(site) == before


def test_a_missing_description_is_named(site: Site) -> None:
    answer = site.http.post("/api/datasets", content=bars_csv(5), headers={"Content-Type": "text/csv"})
    body = site.problem(answer, 400, "invalid_request", "assetName")
    assert {error["path"] for error in body["errors"]} == {"assetName", "exchange", "timeFrame"}


@pytest.mark.parametrize("media", ["application/json", "application/octet-stream", "multipart/form-data", ""])
def test_another_media_type_is_told_what_is_right(site: Site, media: str) -> None:
    named = {"assetName": "BAD", "exchange": "TEST", "timeFrame": "1h"}
    answer = site.http.post("/api/datasets", params=named, content="{}", headers={"Content-Type": media})
    detail = site.problem(answer, 415, "unsupported_media")["detail"]
    assert all(known in detail for known in (CSV, PARQUET, ARROW_FILE))


@pytest.mark.parametrize(("media", "write"), [(PARQUET, as_parquet), (ARROW_FILE, as_feather)])
def test_parquet_and_feather_are_brought_too(site: Site, media: str, write: Callable[..., bytes]) -> None:
    named = {"assetName": f"TABLE{site.another()}", "exchange": "TEST", "timeFrame": "1h"}
    sent = {"Content-Type": media}
    before = left_behind(site)
    answer = site.http.post("/api/datasets", params=named, content=write(bars()), headers=sent)
    assert (answer.status_code, answer.json()["rows"]) == (201, 3)
    site.http.delete(answer.headers["location"])
    damaged = write(bars(), compression="lz4")[:-40]
    site.problem(site.http.post("/api/datasets", params=named, content=damaged, headers=sent), 400, "bad_rows")
    site.problem(site.http.post("/api/datasets", params=named, content=b"{}", headers=sent), 400, "bad_rows")
    assert left_behind(site) == before


def test_bad_rows_are_left_out_on_request(site: Site, bring: Callable[..., httpx.Response]) -> None:
    content = rows(*["x,1,1,1,1,1"] * 3)
    site.problem(bring(content), 400, "bad_rows")
    site.problem(bring(content, quarantine="maybe"), 400, "invalid_request", "quarantine")
    answer = bring(content, quarantine="true")
    assert (answer.status_code, answer.json()["quarantined"]) == (201, 3)
    assert site.http.get(answer.headers["location"]).json() == answer.json()


def test_a_name_is_no_path(site: Site, bring: Callable[..., httpx.Response]) -> None:
    before = set(left_behind(site))
    dataset = bring(bars_csv(200), exchange="../../etc").json()
    new = set(left_behind(site)) - before
    assert {name.split("/")[1] for name in new} == {dataset["id"]}
    assert "/" not in dataset["id"]


def test_a_deleted_data_set_is_gone_with_its_files(site: Site, bring: Callable[..., httpx.Response]) -> None:
    before = left_behind(site)
    dataset = bring(bars_csv(200)).json()
    path = f"/api/datasets/{dataset['id']}"
    assert site.http.delete(path).status_code == 204
    assert left_behind(site) == before
    site.problem(site.http.get(path), 404, "not_found")
    site.problem(site.http.delete(path), 404, "not_found")
    request = site.fresh(assetName=dataset["assetName"])
    site.problem(site.post("backtests", request), 400, "unknown_dataset", "assetName")


def test_a_run_goes_on_when_its_data_set_is_deleted(site: Site, bring: Callable[..., httpx.Response]) -> None:
    dataset: dict[str, Any] = bring(bars_csv(200)).json()
    key, gate = site.at_gate(assetName=dataset["assetName"])
    site.http.delete(f"/api/datasets/{dataset['id']}")
    gate.touch()
    assert site.ended("backtests", key)["processed"] == 200
