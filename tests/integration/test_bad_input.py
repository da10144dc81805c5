"""What bad input gets: a problem that names the field, and nothing stored."""

import http.client
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.integration.site import Kind, Site

LIMIT: Final = 1 << 20
SMALL_AXES: Final = {"fastPeriod": {"min": 2, "max": 4}}


def stored(site: Site) -> tuple[object, ...]:
    """What there is of runs, files and data sets."""
    counts = [site.http.get(f"/api/{kind}").json()["totalCount"] for kind in ("backtests", "optimizations")]
    home = site.served.home
    return (*counts, *sorted((home / "results").iterdir()), *sorted((home / "datasets").glob("*/*")))


@pytest.fixture(autouse=True)
def nothing_stored(site: Site) -> Iterator[None]:
    """Every test here leaves the server as it was, and alive."""
    before = stored(site)
    yield
    assert stored(site) == before
    assert site.http.get("/health/ready").status_code == 200


def without(request: dict[str, Any], *names: str) -> dict[str, Any]:
    """The request without some fields."""
    return {name: value for name, value in request.items() if name not in names}


SETTINGS: Final = [
    ({"strategyName": "SmaCrosover"}, "unknown_strategy", "strategyName"),
    ({"strategyName": ""}, "invalid_request", "strategyName"),
    ({"strategyName": 7}, "invalid_request", "strategyName"),
    ({"strategyVersion": "9.9.9"}, "invalid_request", "strategyVersion"),
    ({"assetName": "ACNE"}, "unknown_dataset", "assetName"),
    ({"exchange": "TESTS"}, "unknown_dataset", "exchange"),
    ({"timeFrame": "30m"}, "unknown_dataset", "timeFrame"),
    ({"timeFrame": "one hour"}, "invalid_request", "timeFrame"),
    ({"startTime": "2030-01-01T00:00:00Z", "endTime": "2031-01-01T00:00:00Z"}, "empty_period", "startTime"),
    ({"startTime": "2024-06-01T00:00:00Z", "endTime": "2024-05-01T00:00:00Z"}, "invalid_request", "endTime"),
    ({"startTime": "2024-01-01T00:00:00"}, "invalid_request", "startTime"),
    ({"startTime": "yesterday"}, "invalid_request", "startTime"),
    ({"endTime": 1_704_067_200}, "invalid_request", "endTime"),
    ({"endTime": "9999-12-31T23:59:59-12:00"}, "invalid_request", "endTime"),
    ({"startTime": "0001-01-01T00:00:00+12:00"}, "invalid_request", "startTime"),
    ({"initialCash": -1}, "invalid_request", "initialCash"),
    ({"initialCash": 0}, "invalid_request", "initialCash"),
    ({"initialCash": "much"}, "invalid_request", "initialCash"),
    ({"initialCash": None}, "invalid_request", "initialCash"),
    ({"initialCash": 1e300}, "money_overflow", "initialCash"),
    ({"initialCash": 10**30}, "invalid_request", "initialCash"),
    ({"commissionPerTrade": -0.1}, "invalid_request", "commissionPerTrade"),
    ({"commission": {"model": "rate", "value": 0.1}}, "invalid_request", "commission"),
    ({"slippageTicks": -1}, "invalid_request", "slippageTicks"),
    ({"slippageTicks": 0.5}, "invalid_request", "slippageTicks"),
    ({"account": {"type": "credit"}}, "invalid_request", "account.type"),
    ({"account": {"type": "cash", "leverage": 2}}, "invalid_request", "account.leverage"),
    ({"riskFreeRate": -2}, "invalid_request", "riskFreeRate"),
    ({"timeoutSeconds": 0}, "invalid_request", "timeoutSeconds"),
    ({"priority": "urgent"}, "invalid_request", "priority"),
    ({"compile": "always"}, "invalid_request", "compile"),
    ({"force": "yes"}, "invalid_request", "force"),
    ({"label": "x" * 201}, "invalid_request", "label"),
    ({"initialcash": 1}, "invalid_request", "initialcash"),
    ({"dataSubscriptions": []}, "invalid_request", "dataSubscriptions"),
    (
        {"dataSubscriptions": [{"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"}]},
        "invalid_request",
        "assetName",
    ),
]


@pytest.mark.parametrize("kind", ["backtests", "optimizations"])
@pytest.mark.parametrize(("change", "code", "path"), SETTINGS, ids=[str(change)[:60] for change, *_ in SETTINGS])
def test_a_wrong_setting_is_named(site: Site, kind: Kind, change: dict[str, Any], code: str, path: str) -> None:
    request = site.settings(**change) | ({"axes": SMALL_AXES} if kind == "optimizations" else {})
    site.problem(site.post(kind, request), 400, code, path)


@pytest.mark.parametrize(
    "name", ["strategyName", "assetName", "exchange", "timeFrame", "startTime", "endTime", "initialCash"]
)
def test_a_missing_field_is_named(site: Site, name: str) -> None:
    site.problem(site.post("backtests", without(site.settings(), name)), 400, "invalid_request", name)


@pytest.mark.parametrize(
    ("parameters", "code", "name"),
    [
        ({"fastPerod": 10}, "unknown_parameter", "fastPerod"),
        ({"fast_period": 10}, "unknown_parameter", "fast_period"),
        ({"fastPeriod": "ten"}, "invalid_request", "fastPeriod"),
        ({"fastPeriod": True}, "invalid_request", "fastPeriod"),
        ({"fastPeriod": 10.5}, "invalid_request", "fastPeriod"),
        ({"fastPeriod": None}, "invalid_request", "fastPeriod"),
        ({"fastPeriod": [10]}, "invalid_request", "fastPeriod"),
        ({"fastPeriod": 1}, "parameter_out_of_bounds", "fastPeriod"),
        ({"fastPeriod": 100_000}, "parameter_out_of_bounds", "fastPeriod"),
        ({"slowPeriod": -30}, "parameter_out_of_bounds", "slowPeriod"),
    ],
)
def test_a_wrong_parameter_is_named(site: Site, parameters: dict[str, Any], code: str, name: str) -> None:
    answer = site.post("backtests", site.settings(strategyParameters=parameters))
    site.problem(answer, 400, code, f"strategyParameters.{name}")


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"axes": {"fastPerod": {"fixed": 10}}}, "unknown_parameter", "axes.fastPerod"),
        ({"axes": {"fastPeriod": {"values": []}}}, "no_combinations", "axes.fastPeriod"),
        ({"axes": {"fastPeriod": {"values": ["ten"]}}}, "invalid_request", "axes.fastPeriod.values[0]"),
        ({"axes": {"fastPeriod": {"min": 1, "max": 5}}}, "parameter_out_of_bounds", "axes.fastPeriod.min"),
        ({"axes": {"fastPeriod": {"values": [5, 999]}}}, "parameter_out_of_bounds", "axes.fastPeriod.values[1]"),
        ({"axes": {"fastPeriod": {"min": 9, "max": 5}}}, "invalid_request", "axes.fastPeriod.max"),
        ({"axes": {"fastPeriod": {"min": 5}}}, "invalid_request", "axes.fastPeriod.max"),
        ({"axes": {"fastPeriod": {}}}, "invalid_request", "axes.fastPeriod"),
        ({"axes": {"fastPeriod": {"fixed": 5, "values": [5]}}}, "invalid_request", "axes.fastPeriod"),
        ({"axes": {"fastPeriod": {"min": 2, "max": 9, "step": 0}}}, "invalid_request", "axes.fastPeriod.step"),
        ({"axes": {"fastPeriod": {"min": 2, "max": 9, "stride": 1}}}, "invalid_request", "axes.fastPeriod.stride"),
        ({"axes": {"quantity": {"min": 1, "max": 1e6, "step": 1e-9}}}, "invalid_request", "axes.quantity"),
        ({"axes": [5]}, "invalid_request", "axes"),
        ({"axes": SMALL_AXES, "maxCombinations": 2}, "too_many_combinations", "axes"),
        ({"axes": SMALL_AXES, "maxCombinations": 0}, "invalid_request", "maxCombinations"),
        ({"axes": SMALL_AXES, "sortBy": "netProft"}, "invalid_request", "sortBy"),
        ({"axes": SMALL_AXES, "method": "anneal"}, "invalid_request", "method"),
        ({"axes": SMALL_AXES, "maxParallelism": 0}, "invalid_request", "maxParallelism"),
        ({"axes": SMALL_AXES, "strategyParameters": {}}, "invalid_request", "strategyParameters"),
        ({}, "invalid_request", "axes"),
    ],
)
def test_a_wrong_search_is_named(site: Site, change: dict[str, Any], code: str, path: str) -> None:
    site.problem(site.post("optimizations", site.settings(**change)), 400, code, path)


@pytest.mark.parametrize("change", [{"axes": {"fastPerod": {"fixed": 1}}}, {"axes": {"fastPeriod": {"values": []}}}])
def test_what_cannot_be_run_cannot_be_evaluated(site: Site, change: dict[str, Any]) -> None:
    answer = site.http.post("/api/optimizations/evaluate", json=site.settings(**change))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"eventLog": True}, "eventLog"),
    ],
)
def test_what_is_not_built_yet_is_named(site: Site, change: dict[str, Any], path: str) -> None:
    request = site.settings(**{"axes": SMALL_AXES, **change})
    site.problem(site.post("optimizations", request), 400, "not_supported", path)


ACME: Final = {"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"}


@pytest.mark.parametrize("kind", ["backtests", "optimizations"])
@pytest.mark.parametrize(
    ("second", "code", "path"),
    [
        (ACME, "invalid_request", "dataSubscriptions[1]"),
        (ACME | {"timeFrame": "60m"}, "invalid_request", "dataSubscriptions[1]"),
        (ACME | {"assetName": "ACNE"}, "unknown_dataset", "dataSubscriptions[1].assetName"),
        (ACME | {"exchange": "TOAST"}, "unknown_dataset", "dataSubscriptions[1].exchange"),
        (ACME | {"timeFrame": "7m"}, "unknown_dataset", "dataSubscriptions[1].timeFrame"),
        (ACME | {"timeFrame": "funding"}, "invalid_request", "dataSubscriptions[1].timeFrame"),
        (ACME | {"assetName": "A\nB"}, "invalid_request", "dataSubscriptions[1].assetName"),
        ({"assetName": "ACME"}, "invalid_request", "dataSubscriptions[1].exchange"),
        ("ACME", "invalid_request", "dataSubscriptions[1]"),
    ],
)
def test_a_wrong_series_among_several_is_named(site: Site, kind: Kind, second: Any, code: str, path: str) -> None:
    request = without(site.settings(), *ACME) | {"dataSubscriptions": [ACME, second]}
    site.problem(
        site.post(kind, request | {"axes": SMALL_AXES} if kind == "optimizations" else request), 400, code, path
    )


def test_there_are_at_most_sixty_four_series(site: Site) -> None:
    request = without(site.settings(), *ACME) | {"dataSubscriptions": [ACME] * 65}
    site.problem(site.post("backtests", request), 400, "invalid_request", "dataSubscriptions")


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"cashFlows": ["dividends"]}, "unknown_dataset", "cashFlows[0]"),
        ({"cashFlows": ["funding"], "account": {"type": "margin"}}, "unknown_dataset", "cashFlows[0]"),
        ({"cashFlows": ["funding"]}, "invalid_request", "cashFlows[0]"),
        ({"cashFlows": ["dividends", "dividends"]}, "invalid_request", "cashFlows[1]"),
        ({"cashFlows": ["rent"]}, "invalid_request", "cashFlows[0]"),
        ({"cashFlows": ["bars"]}, "invalid_request", "cashFlows[0]"),
        ({"cashFlows": "funding"}, "invalid_request", "cashFlows"),
        ({"cashFlows": None}, "invalid_request", "cashFlows"),
    ],
)
def test_wrong_cash_flows_are_named(site: Site, change: dict[str, Any], code: str, path: str) -> None:
    site.problem(site.post("backtests", site.settings(**change)), 400, code, path)


def test_every_wrong_field_is_named_at_once(site: Site) -> None:
    answer = site.post("backtests", site.settings(initialCash=-1, slippageTicks="few", colour="red"))
    body = site.problem(answer, 400, "invalid_request", "initialCash")
    assert {error["path"] for error in body["errors"]} == {"initialCash", "slippageTicks", "colour"}


def test_a_near_miss_is_told_what_was_meant(site: Site) -> None:
    answers = [
        (site.post("backtests", site.settings(slipageTicks=1)), "slippageTicks"),
        (site.post("backtests", site.settings(strategyParameters={"fastPerod": 1})), "fastPeriod"),
        (site.post("backtests", site.settings(assetName="ACNE")), "ACME"),
        (site.http.get("/api/strategies/SmaCrosover"), "SmaCrossover"),
    ]
    for answer, meant in answers:
        assert f"did you mean {meant}" in answer.json()["detail"].replace("'", "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{]",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"initialCash": NaN}',
        b'{"initialCash": 1e999}',
        b'{"label": "\xc3"}',
        b"[" * 100_000,
        b'{"label":' * 10_000,
    ],
)
def test_a_body_that_is_no_json_object_is_refused(site: Site, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/api/backtests", "/api/optimizations", "/api/optimizations/evaluate"):
        site.problem(site.http.post(path, content=body, headers=headers), 400, "invalid_request")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_wrong_content_type_is_told_what_is_right(site: Site, media: str) -> None:
    content = json.dumps(site.settings())
    answer = site.http.post("/api/backtests", content=content, headers={"Content-Type": media})
    assert "application/json" in site.problem(answer, 415, "unsupported_media")["detail"]


@pytest.mark.parametrize("path", ["/api/backtests", "/api/optimizations", "/api/optimizations/evaluate"])
def test_a_body_that_is_too_large_is_refused(site: Site, path: str) -> None:
    answer = site.http.post(path, content=b" " * (LIMIT + 1), headers={"Content-Type": "application/json"})
    assert f"{LIMIT:,}" in site.problem(answer, 413, "too_large")["detail"]


def test_a_body_of_unknown_length_that_is_too_large_is_refused(site: Site) -> None:
    pieces = (b" " * 65_536 for _ in range(17))
    answer = site.http.post("/api/backtests", content=pieces, headers={"Content-Type": "application/json"})
    site.problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/backtests?limit=0", "limit"),
        ("/api/backtests?limit=501", "limit"),
        ("/api/backtests?limit=ten", "limit"),
        ("/api/backtests?colour=red", "colour"),
        ("/api/backtests?sort=colour", "sort"),
        ("/api/backtests?status=Done", "status"),
        ("/api/backtests?from=soon", "from"),
        ("/api/backtests?cursor=made-up", "cursor"),
        ("/api/backtests?cursor=W10", "cursor"),
        ("/api/backtests?limit=1&limit=2", "limit"),
        ("/api/backtests/x/status?attempt=0", "attempt"),
        ("/api/backtests/x/status?trials=none", "trials"),
        ("/api/backtests/x/equity?points=1", "points"),
        ("/api/backtests/x/trades?cursor=", "cursor"),
        ("/api/backtests/x/orders?status=Done", "status"),
        ("/api/backtests/x/orders?side=long", "side"),
        ("/api/backtests/x/orders?type=iceberg", "type"),
        ("/api/backtests/x/orders?limit=501", "limit"),
        ("/api/backtests/x/bars?points=1", "points"),
        ("/api/backtests/x/bars?points=20001", "points"),
        ("/api/backtests/x/bars?from=soon", "from"),
        ("/api/backtests/x/bars?from=2024-02-02&to=2024-02-01", "to"),
        ("/api/backtests/x/events?types=ord.fill,fills", "types"),
        ("/api/backtests/x/events?types=", "types"),
        ("/api/backtests/x/events?limit=0", "limit"),
        ("/api/backtests/x/events?to=2024-02-30", "to"),
        ("/api/backtests/x/events?from=2024-02-01T00:00:01Z&to=2024-02-01T00:00:00Z", "to"),
        ("/api/optimizations/x/trials?status=Done", "status"),
        ("/api/optimizations/x/trials?minNetProfit=much", "minNetProfit"),
        ("/api/system?x=1", "x"),
        ("/api/strategies?x=1", "x"),
        ("/api/datasets?x=1", "x"),
    ],
)
def test_a_wrong_query_parameter_is_named(site: Site, path: str, name: str) -> None:
    site.problem(site.http.get(path), 400, "invalid_request", name)


def test_a_dry_run_takes_true_or_false(site: Site) -> None:
    site.problem(site.post("backtests", site.settings(), dryRun="maybe"), 400, "invalid_request", "dryRun")


def test_a_cursor_of_another_list_is_refused(site: Site) -> None:
    key = site.run("optimizations", site.settings(axes=SMALL_AXES))["runKey"]
    path = f"/api/optimizations/{key}/trials"
    cursor = site.http.get(path, params={"limit": 1}).json()["nextCursor"]
    other = {"limit": 1, "cursor": cursor, "sort": "-fastPeriod"}
    site.problem(site.http.get(path, params=other), 400, "invalid_request", "cursor")
    site.problem(site.http.get("/api/backtests", params={"cursor": cursor}), 400, "invalid_request", "cursor")
    site.problem(site.http.get(path, params={"sort": "colour"}), 400, "invalid_request", "sort")
    site.http.delete(f"/api/optimizations/{key}")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/api/backtests", "GET, HEAD, POST"),
        ("DELETE", "/api/optimizations", "GET, HEAD, POST"),
        ("POST", "/api/backtests/x", "DELETE, GET, HEAD"),
        ("POST", "/api/backtests/x/status", "GET, HEAD"),
        ("GET", "/api/backtests/x/cancel", "POST"),
        ("GET", "/api/optimizations/evaluate", "POST"),
        ("POST", "/api/system", "GET, HEAD"),
        ("PATCH", "/api/datasets", "GET, HEAD, POST"),
        ("POST", "/health/ready", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(site: Site, method: str, path: str, allow: str) -> None:
    answer = site.http.request(method, path)
    site.problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api", "not_found"),
        ("/api/nothing", "not_found"),
        ("/api/backtests/", "not_found"),
        ("/api/strategies/Nothing", "not_found"),
        ("/api/datasets/nothing", "not_found"),
        ("/api/backtests/nothing", "run_not_found"),
        ("/api/backtests/nothing/status", "run_not_found"),
        ("/api/backtests/nothing/equity", "run_not_found"),
        ("/api/backtests/nothing/orders", "run_not_found"),
        ("/api/backtests/nothing/bars", "run_not_found"),
        ("/api/backtests/nothing/events", "run_not_found"),
        ("/api/backtests/..%2f..%2fetc%2fpasswd/equity", "not_found"),
        ("/api/backtests/%00/status", "run_not_found"),
        ("/api/backtests/" + "x" * 5_000, "run_not_found"),
        ("/api/datasets/..%2f..", "not_found"),
        ("/api/optimizations/nothing/trials", "run_not_found"),
        ("/health/nothing", "not_found"),
    ],
)
def test_an_unknown_path_is_a_problem_too(site: Site, path: str, code: str) -> None:
    body = site.problem(site.http.get(path), 404, code)
    assert body["instance"]


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../app.py", "//etc/passwd"]
)
def test_no_path_leads_out_of_the_pages_folder(site: Site, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(site.served.port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status < 500
    assert b"root:" not in body
    assert b"composition root" not in body


def test_a_head_has_the_headers_of_its_get_and_no_body(site: Site) -> None:
    head, get = site.http.head("/api/strategies"), site.http.get("/api/strategies")
    assert head.content == b""
    assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "http://evil.example"}, "forbidden_origin"),
        ({"Origin": "null"}, "forbidden_origin"),
        ({"Host": "evil.example"}, "forbidden_host"),
    ],
)
def test_pages_of_other_sites_may_not_submit(site: Site, headers: dict[str, str], code: str) -> None:
    answer = site.http.post("/api/backtests", json=site.settings(), headers=headers)
    site.problem(answer, 403, code)


def test_every_answer_forbids_foreign_content(site: Site) -> None:
    for answer in (site.http.get("/api/system"), site.http.get("/api/nothing"), site.http.get("/")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_that_a_client_sends_is_answered_with_a_5xx_or_a_trace(site: Site) -> None:
    hostile: list[Any] = [None, True, -1, 2**70, 1e308, "", "\x00", "x" * 5_000, [], {}, [[]], {"a": {}}, "💥"]
    names = [*site.settings(), "strategyParameters", "account", "commission", "dataSubscriptions", "label"]
    for name in names:
        for value in hostile:
            answer = site.post("backtests", site.settings(**{name: value}), dryRun="true")
            assert answer.status_code in (200, 400), (name, value, answer.text)
            assert "Traceback" not in answer.text
