"""Strategies that fail, and workers that die: each fails its own run, and nothing else."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.site import Site

DEATH_LIMIT_S = 2.0
CODE = '''from server.strategies import Bar, Strategy


class {name}(Strategy):
    """Written by a test."""

    version = "1.0.0"

    def init(self) -> None:
        {init}

    def on_bar(self, bar: Bar) -> None:
        {on_bar}
'''


def strategy_file(site: Site, name: str) -> Path:
    """Where a strategy of this name lies."""
    return site.gates.parent / "strategies" / f"{name.lower()}.py"


def write(site: Site, name: str, *, init: str = "pass", on_bar: str = "pass") -> dict[str, Any]:
    """Writes a strategy; a backtest of it that nobody has asked for."""
    strategy_file(site, name).write_text(CODE.format(name=name, init=init, on_bar=on_bar))
    return site.fresh(strategyName=name)


def broken(site: Site, name: str) -> dict[str, Any]:
    """What is said of a file that does not load."""
    listed = site.http.get("/api/strategies").json()["items"]
    (found,) = [item["error"] for item in listed if item["error"] and Path(item["error"]["file"]).name == name]
    return dict(found)


def test_a_file_that_does_not_import_is_listed_with_line_and_reason(site: Site) -> None:
    error = broken(site, "broken.py")
    assert error["line"] == 3
    assert "not_there_at_all" in error["message"]


def test_a_file_with_a_wrong_syntax_is_listed_with_line_and_reason(site: Site) -> None:
    error = broken(site, "crooked.py")
    assert error["line"] == 1
    assert "syntax" in error["message"].lower() or "never closed" in error["message"]


def test_a_strategy_that_does_not_load_cannot_be_submitted(site: Site) -> None:
    listed = site.http.get("/api/strategies").json()["items"]
    (name,) = [item["name"] for item in listed if item["error"] and item["error"]["file"].endswith("broken.py")]
    body = site.problem(site.post("backtests", site.fresh(strategyName=name)), 400, "strategy_broken", "strategyName")
    assert "broken.py, line 3" in body["detail"]


def test_a_file_that_is_mended_can_be_run_without_a_restart(site: Site) -> None:
    request = write(site, "Mended", on_bar="return nothing here")
    assert "mended.py" in broken(site, "mended.py")["file"]
    write(site, "Mended")
    assert site.run("backtests", request)["status"] == "Completed"
    strategy_file(site, "Mended").unlink()
    site.problem(site.post("backtests", request), 400, "unknown_strategy", "strategyName")


def test_a_run_that_raises_fails_with_message_and_trace(site: Site) -> None:
    failed = site.run("backtests", site.fresh(strategyName="Boom", strategyParameters={"at": 700}), "Failed")
    assert "boom at 700" in failed["errorMessage"]
    assert "RuntimeError" in failed["errorStackTrace"]
    assert 'boom.py", line 16, in on_bar' in failed["errorStackTrace"]
    assert "server/" not in failed["errorStackTrace"]
    assert failed["processed"] == 700
    assert failed["result"] is None


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("RaisesInInit", {"init": "raise ValueError('no way')"}, "no way"),
        ("DividesByZero", {"on_bar": "1 / (bar.i - bar.i)"}, "division by zero"),
        ("BuysText", {"on_bar": "self.buy('one')"}, "could not convert string"),
        ("Recurses", {"on_bar": "self.on_bar(bar)"}, "recursion"),
        ("ExitsByException", {"on_bar": "raise SystemExit(0)"}, "SystemExit"),
    ],
)
def test_whatever_a_strategy_raises_is_told(site: Site, name: str, code: dict[str, str], said: str) -> None:
    failed = site.run("backtests", write(site, name, **code), "Failed")
    assert said in failed["errorMessage"]
    assert f"{name.lower()}.py" in failed["errorStackTrace"]


def test_orders_that_cannot_be_are_rejected_and_counted(site: Site) -> None:
    result = site.run("backtests", write(site, "BuysNoNumber", on_bar="self.buy(float('nan'))"))["result"]
    assert result["rejectedOrders"] == 3_000
    assert result["warnings"] == ["3000 orders rejected: the quantity is not a number"]


def test_a_strategy_that_prints_megabytes_completes(site: Site) -> None:
    assert site.run("backtests", write(site, "Prints", on_bar="print('x' * 1_000)"))["processed"] == 3_000


def test_a_strategy_that_ends_its_process_fails_its_run_alone(site: Site) -> None:
    other, gate = site.at_gate()
    began = time.monotonic()
    failed = site.run("backtests", site.fresh(strategyName="Exits"), "Failed")
    assert time.monotonic() - began < DEATH_LIMIT_S
    assert "exit code 3" in failed["errorMessage"]
    assert site.status("backtests", other)["status"] == "Running"
    ended = [line for line in site.served.log.read_text().splitlines() if "a worker ended and is replaced" in line]
    assert f"runKey={failed['runKey']} attempt=1" in ended[-1]
    gate.touch()
    site.ended("backtests", other)


def test_a_worker_that_is_killed_fails_its_run_with_the_signal(site: Site) -> None:
    other, other_gate = site.at_gate()
    key, gate = site.at_gate()
    worker = int(gate.with_suffix(".pid").read_text())
    began = time.monotonic()
    os.kill(worker, signal.SIGKILL)
    failed = site.ended("backtests", key, "Failed")
    assert time.monotonic() - began < DEATH_LIMIT_S
    assert "SIGKILL" in failed["errorMessage"]
    assert failed["processed"] == 20
    assert site.status("backtests", other)["status"] == "Running"
    other_gate.touch()
    site.ended("backtests", other)


def test_a_worker_that_is_killed_in_a_sweep_costs_no_trial(site: Site) -> None:
    gates = [site.another() for _ in range(6)]
    request = site.fresh(strategyName="Gated", axes={"gate": {"values": gates}})
    key = site.submit("optimizations", request)["runKey"]
    worker = site.gates / f"{gates[0]}.pid"
    while not (worker.exists() and worker.read_text()):
        site.until("optimizations", key, status="Running")
    os.kill(int(worker.read_text()), signal.SIGKILL)
    for gate in gates:
        (site.gates / str(gate)).touch()
    done = site.ended("optimizations", key)
    assert (done["completedCombinations"], done["failedCombinations"]) == (6, 0)


def test_the_pool_heals_after_deaths(site: Site) -> None:
    before = site.http.get("/api/system").json()["workers"]
    for _ in range(3):
        site.run("backtests", site.fresh(strategyName="Exits"), "Failed")
    gates = [site.at_gate() for _ in range(2)]
    workers = site.http.get("/api/system").json()["workers"]
    assert (workers["count"], workers["busy"]) == (2, 2)
    assert workers["restarts"] == before["restarts"] + 3
    for key, gate in gates:
        gate.touch()
        site.ended("backtests", key)


def test_a_run_that_takes_too_long_fails_with_its_limit(site: Site) -> None:
    request = write(site, "Loops", on_bar="while True: pass") | {"timeoutSeconds": 0.3}
    failed = site.run("backtests", request, "Failed")
    assert "0.3" in failed["errorMessage"]


def test_a_run_that_needs_too_much_memory_fails_with_the_limit(site: Site) -> None:
    request = write(site, "Hungry", on_bar="self.eaten = [bytearray(1 << 24) for _ in range(100)]")
    failed = site.run("backtests", request, "Failed")
    assert "512 MiB" in failed["errorMessage"]


def test_a_file_edited_after_submission_changes_nothing(site: Site) -> None:
    running = [site.at_gate() for _ in range(2)]
    request = write(site, "Frozen", on_bar="self.buy(1) if bar.i == 1 else None")
    key = site.submit("backtests", request)["runKey"]
    write(site, "Frozen", on_bar="raise ValueError('edited')")
    for other, gate in running:
        gate.touch()
        site.ended("backtests", other)
    assert site.ended("backtests", key)["result"]["metrics"]["totalFills"] == 1


def test_a_trace_is_whole_in_the_status_and_cut_on_the_socket_only(site: Site) -> None:
    failed = site.run("backtests", write(site, "Talks", on_bar="raise ValueError('x' * 3_000)"), "Failed")
    assert len(failed["errorMessage"]) <= 1_000
    assert "x" * 3_000 in failed["errorStackTrace"]
