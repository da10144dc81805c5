"""Whatever a client sends, it is taken or it is refused with a problem: never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.site import Site

Path = tuple[str | int, ...]

SHARED: Final = {
    "assetName": "ACME",
    "exchange": "TEST",
    "timeFrame": "1h",
    "startTime": "2024-01-01T00:00:00Z",
    "endTime": "2024-02-01T00:00:00Z",
    "strategyName": "SmaCrossover",
    "strategyVersion": "1.0.0",
    "initialCash": 10_000,
    "commission": {"model": "perOrder", "value": 1.0, "minimum": 0.5},
    "slippageTicks": 1,
    "account": {"type": "margin", "leverage": 2.0},
    "riskFreeRate": 0.01,
    "cashFlows": [],
    "timeoutSeconds": 10,
    "label": "any",
}
ONE_SERIES: Final = ("assetName", "exchange", "timeFrame")
SEVERAL: Final = {name: value for name, value in SHARED.items() if name not in ONE_SERIES} | {
    "dataSubscriptions": [
        {"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"},
        {"assetName": "ACME", "exchange": "TEST", "timeFrame": "4h"},
    ],
}
BACKTEST: Final = SHARED | {
    "eventLog": True,
    "strategyParameters": {"fastPeriod": 10, "slowPeriod": 30, "quantity": 1.0},
}
OPTIMIZATION: Final = SHARED | {
    "axes": {
        "fastPeriod": {"min": 2, "max": 4, "step": 1},
        "slowPeriod": {"values": [20, 30]},
        "quantity": {"fixed": 1.0},
    },
    "seed": 0,
    "sortBy": "netProfit",
    "maxCombinations": 100,
    "trialTimeoutSeconds": 5,
}
UPLOAD: Final = {
    "assetName": "ANY",
    "exchange": "TEST",
    "timeFrame": "1h",
    "tickSize": "0.01",
    "lotSize": "1",
    "quote": "USD",
    "multiplier": "1",
    "source": "any",
}
BARS: Final = "time,open,high,low,close\n" + "".join(f"2024-01-01T{hour:02d}:00Z,1.1,1.2,1,1.15\n" for hour in range(5))

edges: Final = st.sampled_from(
    [
        *(None, True, -1, 0, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**70), 1e308, 1e-320, 0.1),
        *("", " ", "\x00", "a\nb", "x" * 300, "💥", "1h", "-1", "nan", "1e5", "1e99", "0.000000000000000001"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024-01-01", "24:00"),
    ]
)
values: Final = st.recursive(
    edges | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, (*path, name))


def replaced(value: Any, path: Path, by: Any) -> Any:
    """The value with another at a place."""
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


def broken(request: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The request with another value at one or two of its places."""
    once = st.builds(replaced, st.just(request), st.sampled_from(list(places(request))), values)
    top = st.sampled_from(list(request))
    return once | st.builds(lambda made, name, value: made | {name: value}, once, top, values)


def is_taken_or_refused(answer: httpx.Response) -> None:
    """What every answer must be."""
    assert answer.status_code in (200, 201, 400), answer.text
    if answer.status_code == httpx.codes.BAD_REQUEST:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["detail"]
        assert "Traceback" not in answer.text


@settings(max_examples=250)
@given(body=broken(BACKTEST) | broken(SEVERAL))
def test_any_backtest_is_taken_or_refused(site: Site, body: Any) -> None:
    content = json.dumps(body)
    headers = {"Content-Type": "application/json"}
    is_taken_or_refused(site.http.post("/api/backtests?dryRun=true", content=content, headers=headers))


@settings(max_examples=250)
@given(body=broken(OPTIMIZATION))
def test_any_optimization_is_taken_or_refused(site: Site, body: Any) -> None:
    content = json.dumps(body)
    headers = {"Content-Type": "application/json"}
    is_taken_or_refused(site.http.post("/api/optimizations?dryRun=true", content=content, headers=headers))
    is_taken_or_refused(site.http.post("/api/optimizations/evaluate", content=content, headers=headers))


@settings(max_examples=100)
@given(
    name=st.sampled_from(
        ["strategy", "asset", "exchange", "timeFrame", "status", "from", "to", "q", "sort", "limit", "cursor"]
    ),
    text=edges.map(str) | st.text(max_size=30),
)
def test_any_list_is_given_or_refused(site: Site, name: str, text: str) -> None:
    is_taken_or_refused(site.http.get("/api/backtests", params={name: text}))


PARTS: Final = {
    "orders": ("status", "side", "type", "sort", "limit", "cursor"),
    "bars": ("from", "to", "points"),
    "events": ("types", "from", "to", "limit"),
}


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The key of a backtest that has all parts."""
    run_key: str = site.run("backtests", BACKTEST)["runKey"]
    return run_key


@settings(max_examples=200)
@given(
    asked=st.sampled_from([(part, name) for part, names in PARTS.items() for name in names]),
    text=edges.map(str) | st.text(max_size=30) | st.sampled_from(["ord.fill,pos", "2024-01-02", "12", "Filled"]),
)
def test_any_part_of_a_backtest_is_given_or_refused(site: Site, key: str, asked: tuple[str, str], text: str) -> None:
    part, name = asked
    is_taken_or_refused(site.http.get(f"/api/backtests/{key}/{part}", params={name: text}))


@settings(max_examples=60)
@given(name=st.sampled_from(list(UPLOAD)), text=edges.map(str) | st.text(max_size=30))
def test_any_upload_is_taken_or_refused(site: Site, name: str, text: str) -> None:
    is_taken_or_refused(uploaded(site, UPLOAD | {name: text}, BARS))


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["funding", "dividends"]),
    name=st.sampled_from(["time", "amount"]),
    text=edges.map(str) | st.text(max_size=30),
)
def test_any_cash_flow_is_taken_or_refused(site: Site, kind: str, name: str, text: str) -> None:
    row = ",".join(json.dumps(value) for value in ({"time": "2024-01-02", "amount": "0.1"} | {name: text}).values())
    content = f"time,{'rate' if kind == 'funding' else 'amount'}\n2024-01-01,0.1\n{row}\n"
    is_taken_or_refused(uploaded(site, {"assetName": "ANY", "exchange": "TEST", "kind": kind}, content))


def uploaded(site: Site, query: dict[str, str], content: str) -> httpx.Response:
    """The answer to an upload, which leaves nothing."""
    sent = {"Content-Type": "text/csv"}
    answer = site.http.post("/api/datasets", params=query, content=content.encode(), headers=sent)
    if answer.is_success:
        site.http.delete(answer.headers["location"])
    return answer
