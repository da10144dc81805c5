"""What Prometheus reads of a server: checked with the reader of its own client."""

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.integration.site import Site


def figures(site: Site, path: str = "/metrics") -> dict[tuple[Any, ...], float]:
    """Every sample by its name and labels."""
    answer = site.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def ended(figures: dict[tuple[Any, ...], float], kind: str, status: str) -> float:
    return figures["forge_runs_ended_total", ("kind", kind), ("status", status)]


def test_runs_bars_and_writes_are_counted(site: Site) -> None:
    before = figures(site)
    done = site.run("backtests", site.fresh())
    site.run("backtests", site.fresh(strategyName="Boom"), "Failed")
    after = figures(site)
    assert ended(after, "backtest", "Completed") == ended(before, "backtest", "Completed") + 1
    assert ended(after, "backtest", "Failed") == ended(before, "backtest", "Failed") + 1
    bars = after["forge_bars_total",] - before["forge_bars_total",]
    assert done["processedBars"] <= bars <= 2 * done["processedBars"]
    assert after["forge_store_read_seconds_count",] > 0
    writes = "forge_store_write_seconds_count"
    assert after[writes,] > before[writes,]
    assert after["forge_store_write_seconds_sum",] > before["forge_store_write_seconds_sum",]


def test_what_runs_and_waits_now_is_told(site: Site) -> None:
    gates = [site.at_gate() for _ in range(2)]
    waiting = site.submit("backtests", site.fresh())["runKey"]
    now = figures(site)
    assert now["forge_workers_busy",] == now["forge_workers",] == 2
    assert now["forge_runs", ("kind", "backtest"), ("status", "Running")] == 2
    assert now["forge_runs", ("kind", "backtest"), ("status", "Pending")] == now["forge_queue_length",] == 1
    assert now["forge_store_up",] == now["forge_broker_up",] == 1
    for key, gate in gates:
        gate.touch()
        site.ended("backtests", key)
    site.ended("backtests", waiting)


def test_every_series_is_there_before_anything_has_happened(site: Site) -> None:
    now = figures(site)
    for kind in ("backtest", "optimization"):
        for status in ("Completed", "Failed", "Cancelled"):
            assert ended(now, kind, status) >= 0
    assert now["forge_delivery_seconds_bucket", ("le", "+Inf")] == now["forge_delivery_seconds_count",]
    assert any(name == "forge_info" for name, *_ in now)
    assert now["process_resident_memory_bytes",] > 1e6
    assert figures(site, "/metrics/owner").keys() == now.keys()
