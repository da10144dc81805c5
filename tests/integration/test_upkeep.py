"""A home that is copied while its server works, served again, and pruned."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.conftest import opened
from tests.integration.serving import clean_environment
from tests.integration.site import Site


def forge(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server", *words], env=clean_environment(), capture_output=True, text=True
    )


def answers(site: Site, kind: Any, key: str) -> list[Any]:
    """What is told of a run, without what names the home."""
    paths = ("trials",) if kind == "optimizations" else ("equity", "trades", "orders", "events", "bars")
    told = [site.http.get(f"/api/{kind}/{key}/{path}") for path in paths]
    assert [answer.status_code for answer in told] == [200] * len(paths)
    return [
        {name: value for name, value in site.http.get(f"/api/{kind}/{key}").json().items() if name != "storeId"},
        *(answer.content for answer in told),
    ]


def test_a_copy_of_a_working_home_answers_the_same(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with opened(tmp_path, FORGE_COMPILE="off") as site:
        logged = site.run("backtests", site.fresh(eventLog=True))
        sweep = site.run("optimizations", site.fresh(axes={"fastPeriod": {"values": [3, 5, 8]}}))
        going, gate = site.at_gate()
        made = forge("backup", str(tmp_path / "it.tar.gz"), "--home", str(site.served.home))
        assert made.returncode == 0, made.stderr
        assert "3 runs" in made.stdout
        before = [answers(site, "backtests", logged["runKey"]), answers(site, "optimizations", sweep["runKey"])]
        store = site.http.get("/api/system").json()["store"]["id"]
        gate.touch()
        site.ended("backtests", going)
    restored = forge("restore", str(tmp_path / "it.tar.gz"), "--home", str(tmp_path / "copy/home"))
    assert restored.returncode == 0, restored.stderr
    with opened(tmp_path / "copy", fill=False, FORGE_COMPILE="off", FORGE_KEEP_DAYS="1000") as site:
        assert [answers(site, "backtests", logged["runKey"]), answers(site, "optimizations", sweep["runKey"])] == before
        assert site.http.get("/api/system").json()["store"]["id"] != store
        assert site.status("backtests", going)["errorMessage"] == "server restarted"
        again = site.submit("backtests", site.settings(**_asked(logged)))
        assert (again["runKey"], again["dedup"]) == (logged["runKey"], "cached")
        pruned = forge("prune", "--dry-run", "--url", site.served.url)
        assert pruned.stdout == "would go: 0 runs, 0 event logs, 0 data sets, 0.0 MB\n"


def _asked(run: dict[str, Any]) -> dict[str, Any]:
    return {"initialCash": run["result"]["settings"]["initialCash"], "eventLog": True}
