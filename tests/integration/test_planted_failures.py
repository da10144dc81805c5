"""One sweep in which trials fail in every way there is: each is told for what it was, and none is lost."""

from typing import Any, Final

import pytest

from tests.integration.site import Site

MISDEEDS: Final = '''import ctypes
import os
import sys

from server.strategies import Bar, Strategy, param


class Misdeeds(Strategy):
    """Fails in the way that its number stands for."""

    version = "1.0.0"
    deed: str = param(
        "none", choices=["none", "raise", "init", "exit", "endless", "memory", "leave", "crash", "killed"]
    )
    salt: int = param(1, min=1, max=100)

    def init(self) -> None:
        if self.deed == "init":
            raise ValueError("raised by init")

    def on_bar(self, bar: Bar) -> None:
        if bar.i == self.salt:
            self.buy(1)
        if bar.i != 50:
            return
        if self.deed == "raise":
            raise RuntimeError("raised by on_bar")
        if self.deed == "exit":
            sys.exit("had enough")
        while self.deed == "endless":
            pass
        if self.deed == "memory":
            self.eaten = [bytearray(1 << 24) for _ in range(100)]
        if self.deed == "leave":
            os._exit(3)
        if self.deed == "crash":
            ctypes.string_at(0)
        if self.deed == "killed":
            os.kill(os.getpid(), 9)
'''
WAYS: Final = {
    "raise": ("Failed", "raised by on_bar"),
    "init": ("Failed", "raised by init"),
    "exit": ("Failed", "had enough"),
    "endless": ("TimedOut", "longer than its time of 3 s"),
    "memory": ("Failed", "more memory than its limit of 512 MiB"),
    "leave": ("Failed", "exit code 3"),
    "crash": ("Failed", "SIGSEGV"),
    "killed": ("Failed", "SIGKILL"),
}
SALTS: Final = 3


@pytest.fixture(scope="module")
def planted(site: Site) -> dict[str, Any]:
    """The finished sweep: each way to fail, and none, with three salts."""
    (site.gates.parent / "strategies" / "misdeeds.py").write_text(MISDEEDS)
    axes = {"deed": {"values": ["none", *WAYS]}, "salt": {"min": 1, "max": SALTS, "step": 1}}
    request = site.fresh(strategyName="Misdeeds", axes=axes, trialTimeoutSeconds=3)
    return site.run("optimizations", request)


def trials_of(site: Site, planted: dict[str, Any], deed: str) -> list[dict[str, Any]]:
    trials = site.pages(f"/api/optimizations/{planted['runKey']}/trials", limit=100)
    return [trial for trial in trials if trial["parameters"]["deed"] == deed]


@pytest.mark.timeout(120)
def test_every_trial_is_accounted_for_and_those_without_fault_complete(site: Site, planted: dict[str, Any]) -> None:
    assert (planted["completedCombinations"], planted["failedCombinations"]) == (SALTS, SALTS * len(WAYS))
    assert [trial["status"] for trial in trials_of(site, planted, "none")] == ["Completed"] * SALTS
    keys = {trial["trialKey"] for trial in site.pages(f"/api/optimizations/{planted['runKey']}/trials", limit=100)}
    assert len(keys) == SALTS * (len(WAYS) + 1)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("deed", WAYS)
def test_each_way_to_fail_is_told_for_what_it_was(site: Site, planted: dict[str, Any], deed: str) -> None:
    status, said = WAYS[deed]
    trials = trials_of(site, planted, deed)
    assert [(trial["status"], said in trial["errorMessage"]) for trial in trials] == [(status, True)] * SALTS
    assert sum(group["count"] for group in planted["result"]["failures"] if said in group["message"]) == SALTS
