"""Strategies are compiled in the workers: what a run and a strategy say of it, on a real server."""

import json
import time
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tests.integration.conftest import OpenSite
from tests.integration.site import Site

PREPARE_LIMIT_S: Final = 90.0
"""The kernel is compiled in ten seconds, on a machine that has nothing else to do."""
CODE: Final = '''
from server.strategies import Bar, Sma, Strategy, param


class {name}(Strategy):
    """No machine has compiled it before: its number is new."""

    version = "1.0.0"
    period: int = param(5, min=2, max=50)

    def init(self) -> None:
        self.sma = Sma(self.period)
        self.number = {number}

    def on_bar(self, bar: Bar) -> None:
        average = self.sma.update(bar.close)
        if self.number + bar.i == {number}:
            return
        {act}
'''
BUY: Final = "if self.position == 0 and bar.close > average:\n            self.buy({quantity})"


def write(site: Site, name: str, act: str = BUY.format(quantity=1)) -> dict[str, Any]:
    """Writes a strategy that nobody has compiled; a backtest of it that nobody has asked for."""
    number = uuid4().int % 2**31
    text = CODE.format(name=name, number=number, act=act)
    (site.served.home.parent / "strategies" / f"{name.lower()}.py").write_text(text)
    return site.fresh(strategyName=name)


def info_of(site: Site, name: str) -> dict[str, Any]:
    """What is said of a strategy."""
    listed = site.http.get("/api/strategies").json()["items"]
    (found,) = [item for item in listed if item["name"] == name]
    return dict(found)


def test_a_new_strategy_is_compiled_while_its_run_says_so(site: Site) -> None:
    request = write(site, "Fresh")
    key = site.submit("backtests", request)["runKey"]
    compiling = site.until("backtests", key, phase="compiling")
    assert compiling["status"] == "Running"
    ended = site.ended("backtests", key)
    assert ended["mode"] == "compiled"
    result = ended["result"]
    assert (result["mode"], result["warnings"]) == ("compiled", [])
    assert result["metrics"]["totalFills"] > 0
    assert info_of(site, "Fresh")["compilable"] is True


def test_a_run_that_asks_for_no_compiling_is_interpreted_with_the_same_result(site: Site) -> None:
    request = write(site, "Plain")
    compiled = site.run("backtests", request)["result"]
    interpreted = site.run("backtests", request | {"compile": "off", "force": True})
    assert interpreted["mode"] == "interpreted"
    again = interpreted["result"]
    assert (compiled["mode"], again["mode"]) == ("compiled", "interpreted")
    assert again["metrics"] == compiled["metrics"]
    assert again["warnings"] == []


def test_whether_a_run_is_compiled_is_no_part_of_its_identity(site: Site) -> None:
    request = site.fresh()
    keys = {
        site.post("backtests", request | {"compile": choice}, dryRun=True).json()["runKey"]
        for choice in ("auto", "off")
    }
    assert len(keys) == 1


def test_trials_are_compiled_too(site: Site) -> None:
    request = write(site, "Swept") | {"axes": {"period": {"min": 2, "max": 9, "step": 1}}}
    ended = site.run("optimizations", request)
    assert (ended["mode"], ended["result"]["warnings"]) == ("compiled", [])
    assert ended["failed"] == 0


def test_a_sweep_of_which_some_trials_leave_64_bits_says_how_many(site: Site) -> None:
    act = "if (self.period * self.period * 1000000) * (1 << 40) > 0:\n            self.buy(1)"
    ended = site.run("optimizations", write(site, "Partly", act=act) | {"axes": {"period": {"values": [2, 3]}}})
    reason = "OverflowError: a whole number leaves 64 bits in machine code"
    assert ended["result"]["warnings"] == [f"1 of 2 trials interpreted: {reason}"]


def test_what_does_not_compile_says_why_and_runs_interpreted(site: Site) -> None:
    request = write(site, "Listing", act="numbers = [average]\n        self.buy(1 + len(numbers))")
    ended = site.run("backtests", request)
    assert ended["mode"] == "interpreted"
    told = info_of(site, "Listing")
    assert told["compilable"] is False
    place, line, caret = told["reason"].splitlines()
    assert place == ("listing.py:19:19: a list is created: bar code cannot allocate; create a window(n) in init()")
    assert (line.strip(), caret.strip()) == ("numbers = [average]", "^")
    (warning,) = [text for text in ended["result"]["warnings"] if "rejected" not in text]
    assert warning == f"interpreted: {place.replace(':19:19:', ':19:')}"
    sweep = site.run("optimizations", request | {"axes": {"period": {"min": 2, "max": 9, "step": 1}}})
    assert (sweep["mode"], sweep["result"]["warnings"]) == ("interpreted", [warning])


def test_a_strategy_whose_init_fails_with_its_defaults_says_that(site: Site) -> None:
    (site.served.home.parent / "strategies" / "initless.py").write_text(
        "from server.strategies import Strategy\n\n\nclass Initless(Strategy):\n    def init(self):\n        1 / 0\n\n"
        "    def on_bar(self, bar):\n        pass\n"
    )
    told = info_of(site, "Initless")
    assert told["compilable"] is False
    assert told["reason"] == "init fails with the defaults: ZeroDivisionError: division by zero"


def test_an_edited_strategy_is_compiled_anew_without_a_restart(site: Site) -> None:
    first = site.run("backtests", write(site, "Edited"))["result"]
    edited = write(site, "Edited", act=BUY.format(quantity=2)) | {"initialCash": first["settings"]["initialCash"]}
    second = site.run("backtests", edited)["result"]
    assert (first["mode"], second["mode"]) == ("compiled", "compiled")
    assert first["runKey"] != second["runKey"]
    assert second["metrics"]["netProfit"] != first["metrics"]["netProfit"]


def test_whole_numbers_beyond_64_bits_are_finished_by_the_interpreter(site: Site) -> None:
    act = "self.number = self.number * 3 + 1\n        if self.position == 0:\n            self.buy(1)"
    ended = site.run("backtests", write(site, "Growing", act=act) | {"eventLog": True})
    assert ended["mode"] == "interpreted"
    (warning,) = ended["result"]["warnings"]
    assert warning.startswith("interpreted: OverflowError: a whole number leaves 64 bits")
    log = site.http.get(f"/api/backtests/{ended['runKey']}/events").text.splitlines()
    assert [json.loads(line)["_t"] for line in log[:2]] == ["run.start", "bar"]
    assert sum('"run.start"' in line for line in log) == 1


def test_a_server_told_not_to_compile_interprets_everything(open_site: OpenSite) -> None:
    with open_site(FORGE_COMPILE="off") as site:
        ended = site.run("backtests", site.fresh())
        assert ended["mode"] == "interpreted"
        assert ended["result"]["warnings"] == []


def test_a_fresh_folder_interprets_until_the_compiler_is_prepared(open_site: OpenSite, tmp_path: Path) -> None:
    with open_site(FORGE_COMPILE="auto", FORGE_COMPILED=str(tmp_path / "machine code")) as site:
        first = site.run("backtests", site.fresh())
        assert first["mode"] == "interpreted"
        assert first["result"]["warnings"] == ["interpreted: the compiler is still being prepared"]
        deadline = time.monotonic() + PREPARE_LIMIT_S
        while site.run("backtests", site.fresh())["mode"] == "interpreted":
            assert time.monotonic() < deadline
            time.sleep(0.5)  # nothing tells when the compiler is ready but the mode of the next run
