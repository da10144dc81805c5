"""The report of a run as one file: what the server sends, and that it leads back to the very run."""

import html
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.serving import clean_environment
from tests.integration.site import Site

AXES = {"fastPeriod": {"min": 2, "max": 6, "step": 2}, "slowPeriod": {"values": [10, 20]}}


@pytest.fixture(scope="module")
def done(site: Site) -> dict[str, Any]:
    """The status of a backtest that traded often."""
    return site.run(
        "backtests", site.fresh(strategyParameters={"fastPeriod": 2, "slowPeriod": 5}, label="mine & yours")
    )


def commands(report: str) -> dict[str, str]:
    """The lines to be copied out of a report, by the heading above them."""
    found = re.findall(r"<h3>([^<]+)</h3><pre[^>]*>(.*?)</pre>", report, re.DOTALL)
    return {head: html.unescape(text).replace("\\\n", "") for head, text in found}


def forge(site: Site, *words: str) -> subprocess.CompletedProcess[str]:
    """Types a command."""
    environment = clean_environment(FORGE_URL=site.served.url)
    return subprocess.run(
        [sys.executable, "-m", "server", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )


def test_the_report_of_a_backtest_tells_its_figures_and_its_trades(site: Site, done: dict[str, Any]) -> None:
    answer = site.http.get(f"/api/backtests/{done['runKey']}/report.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == f'inline; filename="{done["runKey"]}.html"'
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    text = answer.text
    profit = done["result"]["metrics"]["netProfit"]
    assert f"{abs(profit):,.2f}" in text
    for told in (done["runKey"], done["result"]["data"][0]["contentHash"], done["result"]["sourceHash"]):
        assert told in text
    assert "mine &amp; yours" in text
    total = len(site.pages(f"/api/backtests/{done['runKey']}/trades", limit=500))
    assert text.count("<td>signal</td>") + text.count("<td>still open</td>") == min(total, 500)
    assert '<td>2024</td><td class="' in text, "its months"


def test_the_months_of_a_report_multiply_to_the_whole_return(site: Site, done: dict[str, Any]) -> None:
    text = site.http.get(f"/api/backtests/{done['runKey']}/report.html").text
    (row,) = re.findall(r"<tr><td>2024</td>(.*?)</tr>", text)
    cells = [cell.replace("−", "-").rstrip("%") for cell in re.findall(r"<td[^>]*>([^<]*)</td>", row)]
    assert float(cells[-1]) == pytest.approx(done["result"]["metrics"]["totalReturnPct"], abs=0.051)
    whole = 1.0
    for cell in filter(None, cells[:-1]):
        whole *= 1 + float(cell) / 100
    assert 100 * (whole - 1) == pytest.approx(float(cells[-1]), abs=0.5)


def test_what_a_report_says_to_type_is_the_very_run(site: Site, done: dict[str, Any]) -> None:
    said = commands(site.http.get(f"/api/backtests/{done['runKey']}/report.html").text)
    words = shlex.split(said["With forge"])
    ended = forge(site, *words[1:], "--dry-run", "--json")
    assert ended.returncode == 0, ended.stderr
    assert f'"runKey": "{done["runKey"]}"' in ended.stdout
    assert '"dedup": "cached"' in ended.stdout
    curl = shlex.split(said["With curl"])
    headers = {"Content-Type": "application/json"}
    answer = site.http.post(f"{curl[3]}?dryRun=true", content=curl[-1], headers=headers)
    assert answer.json()["runKey"] == done["runKey"]


def test_the_report_of_an_optimization_tells_its_best_trials(site: Site) -> None:
    request = site.fresh(axes=AXES, sortBy="netProfit", conditions=["fastPeriod < slowPeriod"])
    done = site.run("optimizations", request)
    text = site.http.get(f"/api/optimizations/{done['runKey']}/report.html").text
    assert f"{abs(done['best']['value']):,.2f}" in text
    assert "the best 6 of 6 trials, by Net profit" in text
    assert text.count("<svg") == 2, "the heat map and the distribution"
    words = shlex.split(commands(text)["With forge"])
    ended = forge(site, *words[1:], "--dry-run", "--json")
    assert f'"runKey": "{done["runKey"]}"' in ended.stdout, ended.stderr


def test_the_report_of_a_walk_forward_tells_its_windows(site: Site) -> None:
    walk = {"windows": 3, "outOfSamplePct": 25.0, "objective": "netProfit"}
    done = site.run("optimizations", site.fresh(axes=AXES, method="walkForward", walkForward=walk))
    text = site.http.get(f"/api/optimizations/{done['runKey']}/report.html").text
    assert "Equity out of sample, stitched" in text
    words = shlex.split(commands(text)["With forge"])
    ended = forge(site, *words[1:], "--dry-run", "--json")
    assert f'"runKey": "{done["runKey"]}"' in ended.stdout, ended.stderr


def test_failed_trials_are_told_with_a_stack_trace(site: Site) -> None:
    done = site.run("optimizations", site.fresh(strategyName="Picky", axes={"number": {"min": 1, "max": 9}}))
    text = site.http.get(f"/api/optimizations/{done['runKey']}/report.html").text
    assert "3 × ValueError: a multiple of three" in text
    assert "boom.py&quot;, line 28, in init" in text


def test_a_run_without_a_result_has_no_report(site: Site) -> None:
    failed = site.run("backtests", site.fresh(strategyName="Boom"), "Failed")["runKey"]
    site.problem(site.http.get(f"/api/backtests/{failed}/report.html"), 404, "not_found")
    site.problem(site.http.get("/api/backtests/nothing/report.html"), 404, "run_not_found")
    site.problem(site.http.get(f"/api/optimizations/{failed}/report.html"), 404, "run_not_found")


def test_forge_saves_a_report(site: Site, done: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    ended = forge(site, "report", done["runKey"], "--output", str(file))
    assert (ended.returncode, ended.stdout) == (0, f"{file}\n"), ended.stderr
    assert file.read_text().startswith("<!doctype html>")
    assert forge(site, "report", done["runKey"], "-o", "-").stdout.startswith("<!doctype html>")
    wrong = forge(site, "report", done["runKey"], "-o", str(tmp_path / "no" / "where.html"))
    assert (wrong.returncode, "No such file" in wrong.stderr) == (1, True)
