"""What the OpenAPI document tells is what the server answers."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from tests.integration.openapi_document import OpenApiDocument
from tests.integration.site import Kind, Site, bars_csv

AXES = {"number": {"min": 1, "max": 9}, "quantity": {"values": [0.5, 1]}}


def look(site: Site, told: OpenApiDocument, path: str, names: dict[str, str] | None = None, **query: Any) -> Any:
    """The body of the answer to GET, which must be as told."""
    return told.fit(path, site.http.get(path.format_map(names or {}), params=query))


def test_every_schema_is_one(told: OpenApiDocument) -> None:
    for schema in told.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_has_an_id_of_its_own_and_answers(told: OpenApiDocument) -> None:
    operations = [operation for path in told.document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) > 20
    assert all(operation["responses"] for operation in operations)


def test_the_examples_of_requests_fit_their_schemas(told: OpenApiDocument) -> None:
    count = 0
    for path in told.document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                told.is_a(content["schema"]["$ref"].rpartition("/")[2], example["value"])
                count += 1
    assert count >= 3


@pytest.mark.parametrize("path", ["/api/system", "/api/strategies", "/api/datasets", "/health/live", "/health/ready"])
def test_what_describes_the_server_is_as_told(site: Site, told: OpenApiDocument, path: str) -> None:
    look(site, told, path)


def test_single_strategies_and_data_sets_are_as_told(site: Site, told: OpenApiDocument) -> None:
    for name in ("SmaCrossover", "Picky"):
        look(site, told, "/api/strategies/{name}", {"name": name})
    for dataset in look(site, told, "/api/datasets")["items"]:
        look(site, told, "/api/datasets/{id}", {"id": dataset["id"]})


def test_the_document_and_its_page_are_as_told(site: Site, told: OpenApiDocument) -> None:
    look(site, told, "/api/openapi.json")
    page = look(site, told, "/api/docs")
    assert "/api/backtests/{runKey}/status" in page
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", page) == [], "it needs no network"


def test_a_backtest_is_as_told_from_submission_to_removal(site: Site, told: OpenApiDocument) -> None:
    request, gate = site.gated(label="told", eventLog=True)
    would = told.fit("/api/backtests", site.post("backtests", request, dryRun="true"))
    submitted = told.fit("/api/backtests", site.post("backtests", request))
    named = {"runKey": submitted["runKey"]}
    assert would["links"] == submitted["links"]
    site.until("backtests", submitted["runKey"], processed=20)
    look_at_backtest(site, told, named)
    gate.touch()
    site.ended("backtests", submitted["runKey"])
    told.fit("/api/backtests", site.post("backtests", request))
    look_at_backtest(site, told, named)
    told.fit("/api/backtests/{runKey}", site.http.delete(f"/api/backtests/{named['runKey']}"))


def look_at_backtest(site: Site, told: OpenApiDocument, named: dict[str, str]) -> None:
    """Everything that can be asked of it."""
    look(site, told, "/api/backtests/{runKey}/status", named)
    look(site, told, "/api/backtests/{runKey}/status", named, attempt=1)
    look(site, told, "/api/backtests/{runKey}", named)
    look(site, told, "/api/backtests/{runKey}/equity", named, points=10)
    look(site, told, "/api/backtests/{runKey}/trades", named)
    look(site, told, "/api/backtests/{runKey}/orders", named)
    look(site, told, "/api/backtests/{runKey}/bars", named, points=10)
    log = look(site, told, "/api/backtests/{runKey}/events", named, limit=100)
    for line in log.splitlines() if isinstance(log, str) else ():
        told.is_a("Event", json.loads(line))
    look(site, told, "/api/backtests/{runKey}/report.html", named)
    look(site, told, "/api/backtests", q="told")


def test_failed_and_cancelled_runs_are_as_told(site: Site, told: OpenApiDocument) -> None:
    failed = site.run("backtests", site.fresh(strategyName="Boom"), "Failed")["runKey"]
    cancelled, _ = site.at_gate()
    told.fit("/api/backtests/{runKey}/cancel", site.cancel("backtests", cancelled))
    site.ended("backtests", cancelled, "Cancelled")
    for key in (failed, cancelled):
        look_at_backtest(site, told, {"runKey": key})
        site.http.delete(f"/api/backtests/{key}")


def test_an_optimization_is_as_told(site: Site, told: OpenApiDocument) -> None:
    request = site.fresh(strategyName="Picky", axes=AXES, label="told too")
    told.fit("/api/optimizations/evaluate", site.http.post("/api/optimizations/evaluate", json=request))
    key = told.fit("/api/optimizations", site.post("optimizations", request))["runKey"]
    site.ended("optimizations", key)
    named = {"runKey": key}
    for trials in ("1", "all"):
        status = look(site, told, "/api/optimizations/{runKey}/status", named, trials=trials)
        assert len(status["result"]["trials"]) == {"1": 1, "all": 18}[trials]
    look(site, told, "/api/optimizations/{runKey}", named)
    look(site, told, "/api/optimizations", q="told too")
    look(site, told, "/api/optimizations/{runKey}/trials", named)
    best = status["result"]["trials"][0]["trialKey"]
    look(site, told, "/api/optimizations/{runKey}/trials/{trialKey}", named | {"trialKey": best})
    look(site, told, "/api/optimizations/{runKey}/trials/{trialKey}/equity", named | {"trialKey": best}, points=10)
    look(site, told, "/api/optimizations/{runKey}/report.html", named)
    look(site, told, "/api/optimizations/{runKey}/sample", named, metrics="netProfit,sharpeRatio")
    for metric in ("netProfit", "sharpeRatio"):
        look(site, told, "/api/optimizations/{runKey}/distribution", named, metric=metric)
    csv = site.http.get(f"/api/optimizations/{key}/trials", headers={"Accept": "text/csv"})
    told.fit("/api/optimizations/{runKey}/trials", csv)


def test_a_cancelled_optimization_is_as_told(site: Site, told: OpenApiDocument) -> None:
    key = site.submit("optimizations", site.fresh(strategyName="Slow", axes={"salt": {"min": 1, "max": 50}}))["runKey"]
    site.until("optimizations", key, status="Running")
    look(site, told, "/api/optimizations/{runKey}/status", {"runKey": key})
    told.fit("/api/optimizations/{runKey}/cancel", site.cancel("optimizations", key))
    site.ended("optimizations", key, "Cancelled")
    look(site, told, "/api/optimizations/{runKey}/status", {"runKey": key})


def test_an_upload_is_as_told(site: Site, told: OpenApiDocument) -> None:
    csv = bars_csv(200, seed=site.another())
    created = told.fit("/api/datasets", site.bring(csv, assetName="TOLD"))
    told.fit("/api/datasets", site.bring(csv, assetName="TOLD"))
    told.fit("/api/datasets", site.bring("nothing,useful\n1,2\n", assetName="TOLD"))
    told.fit("/api/datasets/{id}", site.http.delete(f"/api/datasets/{created['id']}"))
    told.fit("/api/datasets/{id}", site.http.get(f"/api/datasets/{created['id']}"))


@pytest.mark.parametrize("kind", ["backtests", "optimizations"])
def test_problems_are_as_told(site: Site, told: OpenApiDocument, kind: Kind) -> None:
    told.fit(f"/api/{kind}", site.post(kind, {}))
    told.fit(f"/api/{kind}", site.http.post(f"/api/{kind}", content="x", headers={"Content-Type": "text/plain"}))
    told.fit(f"/api/{kind}", site.post(kind, {"label": "x" * (1 << 20)}))
    told.fit(f"/api/{kind}", site.http.get(f"/api/{kind}", params={"limit": 0}))
    told.fit(f"/api/{kind}/{{runKey}}", site.http.get(f"/api/{kind}/nothing"))
    told.fit(f"/api/{kind}/{{runKey}}/cancel", site.cancel(kind, "nothing"))
