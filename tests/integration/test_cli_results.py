"""What `forge` tells and saves of finished runs, at the server that `forge demo` starts."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from server.cli import main
from tests.integration.serving import Served, serving
from tests.integration.test_cli import Typist, failed


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo, with its runs over the short series finished."""
    home = tmp_path_factory.mktemp("demo") / "home"
    command = ("demo", "--port", "0", "--home", str(home))
    with serving(home, command=command, FORGE_DRAIN_TIMEOUT="0") as one:
        forge = Within(one.url)
        (long,) = forge.json("list", "--kind", "optimization", "--asset", "SYNTHETIC")
        forge.types("cancel", long["runKey"])
        forge.types("watch", forge.key_of("backtest"))
        watched = Typist(one.url).types("watch", forge.key_of("optimization"))
        assert watched.returncode == 0, watched.stderr
        assert not {"\x1b", "\r", "\b"}.intersection(watched.stdout)
        yield one


@dataclass(frozen=True)
class Within:
    """Types `forge …` without a process each."""

    url: str

    def types(self, *words: str, code: int = 0) -> Result:
        """Runs a command, which must end so."""
        ended = CliRunner().invoke(main.forge, words, env={"FORGE_URL": self.url})
        assert ended.exit_code == code, ended.output
        return ended

    def json(self, *words: str) -> Any:
        """The answer to a command with `--json`."""
        return json.loads(self.types(*words, "--json").stdout)

    def key_of(self, kind: str) -> str:
        """The demo's run of this kind over the short series."""
        (run,) = self.json("list", "--kind", kind, "--asset", "AAPL", "--search", "demo")
        key: str = run["runKey"]
        return key


@pytest.fixture
def forge(served: Served) -> Within:
    """Types at that server."""
    return Within(served.url)


def test_a_backtest_is_shown_and_exported_whole(forge: Within, tmp_path: Path) -> None:
    key = forge.key_of("backtest")
    assert "Net profit" in forge.types("result", key).stdout
    result = forge.json("result", key)
    folder = tmp_path / "run"
    told = forge.json("export", key, "--output", str(folder))
    names = ["run.json", "result.json", "report.html", "equity.csv", "trades.csv", "orders.csv"]
    assert [file["name"] for file in told["files"]] == names
    assert [(folder / file["name"]).stat().st_size for file in told["files"]] == [one["bytes"] for one in told["files"]]
    assert json.loads((folder / "result.json").read_text()) == result
    rows = list(csv.DictReader((folder / "equity.csv").read_text().splitlines()))
    assert (len(rows), float(rows[-1]["equity"])) == (result["totalBars"], result["metrics"]["finalEquity"])
    assert "--force replaces it" in forge.types("export", key, "--output", str(folder), code=1).stderr


def test_the_event_log_of_a_run_is_exported_with_it(forge: Within, tmp_path: Path) -> None:
    words = ("submit", "BuyAndHold", "--data", "AAPL:NASDAQ:1d", "--event-log", "--watch")
    forge.types(*words)
    told = forge.json("export", "last", "--output", str(tmp_path / "run"), "--format", "parquet")
    ends = [file["name"].partition(".")[2] for file in told["files"]]
    assert ends == ["json", "json", "html", "parquet", "parquet", "parquet", "ndjson"]
    assert json.loads((tmp_path / "run" / "events.ndjson").read_text().splitlines()[0])["_t"] == "run.start"


def test_the_trials_of_an_optimization_are_listed_streamed_and_saved(forge: Within, tmp_path: Path) -> None:
    key = forge.key_of("optimization")
    table = forge.types("trials", key, "--sort", "-sharpeRatio", "--limit", "3").stdout.splitlines()
    assert (table[0].split()[:3], len(table)) == (["#", "fastPeriod", "slowPeriod"], 5)
    total = forge.json("trials", key, "--limit", "1")["totalCount"]
    piped = forge.types("trials", key, "--csv", "-")
    assert (len(list(csv.DictReader(io.StringIO(piped.stdout)))), piped.stderr) == (total, "")
    forge.types("trials", key, "--csv", str(tmp_path / "t.csv"), "--parquet", str(tmp_path / "t.parquet"))
    assert (tmp_path / "t.csv").read_text() == piped.stdout
    assert (tmp_path / "t.parquet").read_bytes().startswith(b"PAR1")
    told = forge.json("export", key, "--output", str(tmp_path / "run"))
    assert [file["name"] for file in told["files"]] == ["run.json", "result.json", "report.html", "trials.csv"]
    assert (tmp_path / "run" / "trials.csv").read_text() == piped.stdout


def test_a_backtest_has_no_trials_and_what_was_cancelled_no_result(forge: Within) -> None:
    assert "has no trials" in forge.types("trials", forge.key_of("backtest"), code=1).stderr
    (cancelled,) = forge.json("list", "--status", "Cancelled")
    assert "has no result: it is Cancelled" in forge.types("result", cancelled["runKey"], code=1).stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("strategies Sma", "SmaCrossover"),
        ("strategies list sma", "SmaCrossover"),
        ("submit SmaCrossover -p slow", "slowPeriod="),
        ("list --asset AA", "AAPL"),
        ("optimize SmaCrossover --data AA", "AAPL:NASDAQ:1d"),
        ("watch SmaCrossover_1.0.0_2019", "SmaCrossover_1.0.0_2019"),
        ("cancel la", "last"),
    ],
)
def test_a_shell_completes_what_the_server_knows(
    served: Served, monkeypatch: pytest.MonkeyPatch, typed: str, offered: str
) -> None:
    monkeypatch.setenv("FORGE_URL", served.url)
    monkeypatch.setattr("server.cli.completing._PATIENCE_S", 20.0)
    *words, incomplete = typed.split()
    found = ShellComplete(main.forge, {}, "forge", "_FORGE_COMPLETE").get_completions(words, incomplete)
    assert [one for one in found if one.value.startswith(offered)]


def test_the_doctor_finds_the_server_its_owner_and_a_whole_database(served: Served) -> None:
    settings = {"FORGE_URL": served.url, "FORGE_HOME": str(served.home), "FORGE_COMPILE": "off"}
    told = json.loads(CliRunner().invoke(main.forge, ["doctor", "--json"], env=settings).stdout)
    found = {one["name"]: one for one in told["findings"]}
    assert [one["found"] for one in found.values() if one["level"] == "fault"] == []
    assert f"process {served.process.pid}" in found["server"]["found"]
    assert "whole, " in found["database"]["found"]


def test_what_is_refused_is_a_problem_to_programs(served: Served) -> None:
    forge = Typist(served.url)
    problem = json.loads(failed(forge.types("list", "--sort", "nonsense", "--json")))
    assert (problem["code"], problem["errors"][0]["path"], problem["exitCode"]) == ("invalid_request", "sort", 1)
    misused = json.loads(failed(forge.types("strategis", "--json"), code=2))
    assert (misused["code"], "did you mean 'strategies'?" in misused["detail"]) == ("bad_usage", True)
