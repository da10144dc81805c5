"""The command `forge`, as users type it, against a real server."""

import json
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.serving import Served, clean_environment, serving

LIMIT_S: Final = 40
ROWS: Final = 2_000
SERIES: Final = ("--asset", "ACME", "--exchange", "TEST", "--time-frame", "1h")
STRATEGIES: Final = '''
import time

from server.strategies import Bar, Strategy, param


class Boom(Strategy):
    """Raises at a bar."""

    version = "1.0.0"
    at: int = param(100, min=0, max=1000000, description="Bar at which it raises.")

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        if bar.i == self.at:
            raise RuntimeError(f"boom at {bar.i}")


class Slow(Strategy):
    """Takes twenty seconds, so that there is time to stop it."""

    version = "1.0.0"
    salt: int = param(0, min=0, max=1000, description="Makes another run.")

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        time.sleep(0.01)
'''


@dataclass(frozen=True)
class Typist:
    """Types `forge …` where `FORGE_URL` names a server."""

    url: str

    def types(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        process = self.begins(*words, **settings)
        output, errors = process.communicate(timeout=LIMIT_S)
        return subprocess.CompletedProcess(words, process.returncode, output, errors)

    def begins(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """Starts a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "server", *words],
            env=clean_environment(**{"FORGE_URL": self.url} | settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_ctrl_c,
        )

    def json(self, *words: str) -> Any:
        """The answer to a command with `--json`."""
        ended = self.types(*words, "--json")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


def _heed_ctrl_c() -> None:
    """Whatever started the tests: a shell has what it runs in the background ignore it, and that is handed on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def bars(rows: int, first_hour: int = 0) -> str:
    """Hourly bars that rise and fall in waves, with one missing after the hundredth."""
    lines = ["time,open,high,low,close,volume"]
    for row in range(rows):
        hour = first_hour + row + (row > 100)
        price = 100 + (row % 60 if row % 120 < 60 else 60 - row % 60)
        time = f"2024-{1 + hour // 672:02d}-{1 + hour // 24 % 28:02d}T{hour % 24:02d}:00:00Z"
        lines.append(f"{time},{price},{price + 1},{price - 1},{price + 0.5},10")
    return "\n".join(lines) + "\n"


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """The next line of its output that has these words."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if words in line:
            return line
    raise AssertionError(f"{words!r} was not said:\n{''.join(seen)}")


def failed(ended: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """What a command that failed told, which is no traceback of its own."""
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the module, with strategies and a data set."""
    root = tmp_path_factory.mktemp("cli")
    strategies = root / "strategies"
    strategies.mkdir()
    (strategies / "probe.py").write_text(STRATEGIES)
    (strategies / "broken.py").write_text("from server.strategies import Strategy\nclass Broken(Strategy)\n    pass\n")
    file = root / "acme.csv"
    file.write_text(bars(ROWS))
    with serving(root / "home", FORGE_STRATEGIES=str(strategies)) as one:
        imported = Typist(one.url).types("import", str(file), *SERIES)
        assert imported.returncode == 0, imported.stderr
        yield one


@pytest.fixture
def forge(served: Served) -> Typist:
    """Types at that server."""
    return Typist(served.url)


def test_an_import_reports_bars_sizes_and_gaps(forge: Typist, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text(bars(200))
    words = ("import", str(file), "--asset", "OTHER", "--exchange", "TEST", "--time-frame", "1h")
    told = forge.types(*words).stdout
    assert "Imported OTHER TEST 1h, version 1" in told
    assert "bars  200, 2024-01-01 00:00 to 2024-01-09 08:00" in told
    assert "tick 0.5" in told
    assert "gaps  1\n        2024-01-05 05:00 to 2024-01-05 05:00  1 bar\n" in told
    assert "The same bars are there already" in forge.types(*words).stdout


def test_bad_rows_are_named_and_nothing_is_imported(forge: Typist, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    lines = bars(5).splitlines()
    lines[3] = lines[2]
    lines[5] = lines[5].replace(",10", ",x")
    file.write_text("\n".join(lines))
    told = failed(forge.types("import", str(file), "--asset", "BAD", "--exchange", "TEST", "--time-frame", "1h"))
    assert [place for place in ("bad_rows", "line 4", "line 6") if place not in told] == []
    assert "BAD" not in forge.types("datasets").stdout


def test_datasets_are_listed(forge: Typist) -> None:
    row = next(line for line in forge.types("datasets").stdout.splitlines() if line.startswith("ACME"))
    assert row.split()[:5] == ["ACME", "TEST", "1h", "2,000", "2024-01-01"]


def test_a_run_over_several_series_takes_their_cash_flows_into_account(forge: Typist, tmp_path: Path) -> None:
    brought = tmp_path / "pair.csv"
    brought.write_text(bars(300))
    forge.types("import", str(brought), "--asset", "PAIR", "--exchange", "TEST", "--time-frame", "1h")
    rates = tmp_path / "rates.csv"
    rates.write_text("time,rate\n2024-01-01T08:00:00Z,0.0001\n2024-01-01T16:00:00Z,0.0002\n")
    for asset in ("ACME", "PAIR"):
        words = ("import", str(rates), "--kind", "funding", "--asset", asset, "--exchange", "TEST")
        told = forge.types(*words).stdout
        assert f"Imported {asset} TEST funding, version 1\n  rows  2, 2024-01-01 08:00" in told
    rows = [line.split() for line in forge.types("datasets").stdout.splitlines()]
    assert [row[3] for row in rows if row[:3] == ["PAIR", "TEST", "funding"]] == ["2"]
    pair = ("submit", "BuyAndHold", "--data", "acme:test:1h", "--data", "PAIR:TEST:1h")
    assert forge.json(*pair, "--dry-run")["totalBars"] == ROWS + 300
    failed(forge.types(*pair, "--cash-flows", "funding"))
    run = forge.json(*pair, "--cash-flows", "funding", "--account", "margin", "--dry-run")
    assert run["runKey"] != forge.json(*pair, "--account", "margin", "--dry-run")["runKey"]
    sweep = ("optimize", "SmaCrossover", *pair[2:], "-x", "fastPeriod=2:4")
    assert forge.json(*sweep, "--dry-run")["totalCombinations"] == 3
    alone = ("submit", "BuyAndHold", "--data", "ACME:TEST:1h", "--dry-run")
    assert forge.json(*alone)["runKey"] == forge.json("submit", "BuyAndHold", *SERIES, "--dry-run")["runKey"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing option '--asset'"),
        (("--asset", "ACME", "--exchange", "TEST"), "Missing option '--time-frame'"),
        (("--data", "ACME:TEST"), "give ASSET:EXCHANGE:FRAME"),
        (("--data", "ACME:TEST:1h", "--asset", "ACME"), "by --data, or by --asset"),
        (("--data", "ACME:TEST:1h", "--data", "NONE:TEST:1h"), "no data set NONE on TEST"),
        ((*SERIES, "--cash-flows", "rent"), "'rent' is none of funding, dividends"),
    ],
)
def test_series_that_are_named_wrongly_are_told(forge: Typist, words: tuple[str, ...], said: str) -> None:
    unknown = said.startswith("no data set")
    assert said in failed(forge.types("submit", "BuyAndHold", *words), 1 if unknown else 2)


def test_strategies_are_listed_and_what_is_broken_is_told_with_its_line(forge: Typist) -> None:
    ended = forge.types("strategies")
    assert [name for name in ("SmaCrossover 1.0.0", "fastPeriod", "Boom 1.0.0") if name not in ended.stdout] == []
    assert "broken.py:2: SyntaxError" in ended.stderr


def test_a_strategy_that_does_not_compile_shows_every_reason_with_its_line(forge: Typist) -> None:
    listed = forge.types("strategies").stdout
    assert "runs interpreted, not compiled: probe.py:18:13: bar code cannot raise: return instead" in listed
    shown = forge.types("strategies", "Boom").stdout.splitlines()
    at = shown.index("  runs interpreted, not compiled:")
    assert [line.strip() for line in shown[at + 1 : at + 4]] == [
        "probe.py:18:13: bar code cannot raise: return instead",
        'raise RuntimeError(f"boom at {bar.i}")',
        "^",
    ]
    assert "interpreted" not in forge.types("strategies", "SmaCrossover").stdout


def test_a_submission_may_ask_for_the_interpreter(forge: Typist) -> None:
    words = ("submit", "BuyAndHold", *SERIES, "--cash", "78000", "--watch", "--force")
    assert ", compiled" in forge.types(*words).stdout
    assert ", interpreted" in forge.types(*words, "--no-compile").stdout


def test_a_submission_answers_at_once_and_its_key_shows_the_run(forge: Typist) -> None:
    words = ("submit", "SmaCrossover", *SERIES, "-p", "fast_period=5", "-p", "slowPeriod=20")
    planned = forge.json(*words, "--dry-run")
    submitted = forge.types(*words)
    key = submitted.stdout.splitlines()[0]
    assert (key, planned["totalBars"]) == (planned["runKey"], ROWS)
    assert f"{forge.url}/backtests/{key}" in submitted.stdout
    watched = forge.types("watch", key)
    assert watched.returncode == 0
    assert "Processed 2,000 / 2,000 Bars (100%)" in watched.stdout
    assert "Net profit" in watched.stdout
    status = forge.json("status", key)
    assert status["parameters"] == {"fastPeriod": 5, "slowPeriod": 20, "quantity": 1}
    assert status["result"]["metrics"]["totalTrades"] > 0
    assert key.rpartition("_")[2][:8] in forge.types("status").stdout
    again = forge.types(*words)
    assert "computed before" in again.stdout


def test_days_bound_the_bars_at_both_ends(forge: Typist) -> None:
    words = ("submit", "BuyAndHold", *SERIES, "--from", "2024-01-02", "--to", "2024-01-03", "--dry-run")
    assert forge.json(*words)["totalBars"] == 48


def test_a_submission_may_ask_for_an_event_log(forge: Typist) -> None:
    words = ("submit", "BuyAndHold", *SERIES, "--cash", "77000", "--watch", "--json")
    for more, kept in (((), False), (("--event-log",), True)):
        last = json.loads(forge.types(*words, *more).stdout.splitlines()[-1])
        assert last["result"]["hasEventLog"] == kept


def test_a_submission_that_is_watched_as_json_is_a_line_for_each_answer(forge: Typist) -> None:
    ended = forge.types("submit", "BuyAndHold", *SERIES, "--watch", "--json")
    first, *states, last = [json.loads(line) for line in ended.stdout.splitlines()]
    assert first["totalBars"] == ROWS
    assert states[-1]["state"]["status"] == "Completed"
    assert last["result"]["metrics"]["totalFills"] == 1


def test_a_run_that_fails_shows_its_stack_trace_and_ends_with_one(forge: Typist) -> None:
    ended = forge.types("submit", "Boom", *SERIES, "-p", "at=50", "--watch")
    assert ended.returncode == 1
    assert "RuntimeError: boom at 50" in ended.stderr
    assert 'File "probe.py", line 18, in on_bar' in ended.stderr
    assert "server/cli" not in ended.stderr


def test_an_optimization_shows_the_best_and_the_failures_in_groups(forge: Typist) -> None:
    ended = forge.types(
        "optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=5:15:5", "-x", "slowPeriod=20,40", "--watch"
    )
    assert ended.returncode == 0, ended.stderr
    assert "6 of 6 combinations completed" in ended.stdout
    table = ended.stdout.splitlines()
    ranks = [line.split()[0] for line in table[next(i for i, line in enumerate(table) if "fastPeriod  " in line) + 1 :]]
    assert ranks == ["1", "2", "3", "4", "5", "6"]
    some = forge.types("optimize", "Boom", *SERIES, "-x", "at=10,20,5000", "--watch")
    assert "1 of 3 combinations completed, 2 failed" in some.stdout
    assert "1 failed: RuntimeError: boom at 10" in some.stderr


def test_searches_take_their_options(forge: Typist) -> None:
    options = ("--method", "random", "--budget", "4", "--seed", "2", "--sort-by", "fitness")
    ranking = ("--weight", "sharpeRatio=1", "--filter", "minTotalTrades=0", "--time-budget", "600", "--patience", "99")
    done = forge.types("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=2:9", "--watch", *options, *ranking)
    assert done.returncode == 0, done.stderr
    assert "4 of 4 combinations completed" in done.stdout
    walk = (
        "--method",
        "walkForward",
        "--windows",
        "2",
        "--out-of-sample",
        "25",
        "--chosen-by",
        "netProfit",
        "--anchored",
    )
    done = forge.types("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=2:9", "--watch", *walk)
    assert done.returncode == 0, done.stderr
    assert "16 of 16 combinations completed" in done.stdout
    assert "out of sample: " in done.stdout
    below = ("--condition", "fastPeriod < 4", "--condition", "fastPeriod != 3")
    done = forge.types("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=2:9", "--watch", *below)
    assert "1 of 1 combination completed" in done.stdout
    wrong = forge.types("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=2:9", "--weight", "sharpRatio=1")
    assert "did you mean sharpeRatio?" in failed(wrong)


def test_the_cost_of_an_optimization_is_told_beforehand(forge: Typist) -> None:
    words = ("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=5:50", "-x", "slowPeriod=20,60", "--evaluate")
    assert "92 combinations" in forge.types(*words).stdout


def test_a_watcher_sees_the_cancel_and_ends_with_one(forge: Typist) -> None:
    watcher = forge.begins("submit", "Slow", *SERIES, "-p", "salt=1", "--watch")
    assert watcher.stdout is not None
    key = watcher.stdout.readline().strip()
    line_with(watcher, "simulating: Processed")
    assert "is asked to stop" in forge.types("cancel", key).stdout
    _, errors = watcher.communicate(timeout=LIMIT_S)
    assert (watcher.returncode, "cancelled after" in errors) == (1, True)
    assert "already_terminal" in failed(forge.types("cancel", key))


def test_ctrl_c_leaves_the_watching_alone_and_the_run_goes_on(forge: Typist) -> None:
    watcher = forge.begins("submit", "Slow", *SERIES, "-p", "salt=2", "--watch")
    assert watcher.stdout is not None
    key = watcher.stdout.readline().strip()
    line_with(watcher, "simulating: Processed")
    watcher.send_signal(signal.SIGINT)
    _, errors = watcher.communicate(timeout=LIMIT_S)
    assert watcher.returncode == 130, errors
    assert f"The run goes on. `forge watch {key}` comes back to it, `forge cancel {key}` stops it." in errors
    assert forge.json("status", key)["status"] == "Running"
    assert "is deleted" in forge.types("delete", key, "--yes").stdout
    assert "run_not_found" in failed(forge.types("status", key))


def test_a_part_of_a_key_names_the_run(forge: Typist) -> None:
    key = forge.json("submit", "BuyAndHold", *SERIES, "--cash", "54321", "--label", "named by a part")["runKey"]
    short = key.rpartition("_")[2][:8]
    assert forge.types("watch", short).returncode == 0
    assert forge.json("status", short)["runKey"] == key
    assert forge.json("status", "last")["runKey"] == key
    assert "may be any of these runs" in failed(forge.types("delete", "_1.0.0_"))


def test_what_is_not_there_is_told_before_a_yes_is_asked(forge: Typist) -> None:
    assert "run_not_found" in failed(forge.types("delete", "nonsense"))
    assert "no data set nonsense" in failed(forge.types("delete", "--dataset", "nonsense"))


def test_nothing_is_deleted_without_a_yes(forge: Typist) -> None:
    key = forge.json("submit", "BuyAndHold", *SERIES, "--cash", "12345")["runKey"]
    assert forge.types("delete", key).returncode == 130
    assert forge.types("status", key).returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("submit", "SmaCrosover", *SERIES), "unknown_strategy"),
        (("submit", "SmaCrossover", *SERIES, "-p", "fast=5"), "strategyParameters.fast"),
        (("submit", "SmaCrossover", *SERIES, "-p", "fastPeriod=999"), "strategyParameters.fastPeriod"),
        (("submit", "SmaCrossover", *SERIES, "--cash", "-1"), "initialCash"),
        (("submit", "SmaCrossover", *SERIES, "--from", "2030-01-01", "--to", "2031-01-01"), "empty_period"),
        (("submit", "BuyAndHold", "--asset", "NONE", *SERIES[2:]), "no data set NONE on TEST"),
        (("optimize", "SmaCrossover", *SERIES, "-x", "fastPeriod=50:5:5"), "axes.fastPeriod"),
        (("status", "Nope_1"), "run_not_found"),
        (("cancel", "Nope_1"), "run_not_found"),
        (("watch", "Nope_1"), "run_not_found"),
        (("delete", "Nope_1", "--yes"), "run_not_found"),
        (("strategies", "Nope"), "SmaCrossover"),
    ],
)
def test_a_refusal_names_what_is_wrong(forge: Typist, words: tuple[str, ...], told: str) -> None:
    assert told in failed(forge.types(*words))


@pytest.mark.parametrize("words", [("status",), ("watch", "Nope_1"), ("submit", "Slow", *SERIES)])
def test_without_a_server_it_is_told_how_to_start_one(words: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen, so that nobody answers there
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        told = failed(Typist(url).types(*words))
    assert url in told
    assert "forge serve" in told


def test_a_port_in_use_and_a_home_in_use_are_told_in_one_line(served: Served, tmp_path: Path) -> None:
    typist = Typist("")
    port = failed(typist.types("serve", "--port", served.port, "--home", str(tmp_path / "home")))
    home = failed(typist.types("serve", "--port", "0", "--home", str(served.home)))
    assert f"cannot listen on 127.0.0.1 port {served.port}" in port
    assert f"{served.home} is in use by process {served.process.pid}" in home
    assert [text.count("\n") for text in (port, home)] == [1, 1]


def test_bad_settings_are_named_all_at_once() -> None:
    told = failed(Typist("").types("serve", PORT="eighty", FORGE_WORKERS="none", FORGE_NONSENSE="1"), code=2)
    assert [name for name in ("PORT", "FORGE_WORKERS", "FORGE_NONSENSE") if name not in told] == []


def test_ctrl_c_ends_the_server_with_zero(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as one:
        assert one.stop(signal.SIGINT) == 0
        assert one.log.read_text().splitlines()[-1] == "stopped"


def test_a_token_is_asked_for_and_taken(tmp_path: Path) -> None:
    with serving(tmp_path / "home", FORGE_TOKEN="a-long-secret") as one:
        typist = Typist(one.url)
        refused = failed(typist.types("strategies"))
        assert "unauthorised" in refused
        assert "--token" in refused
        assert typist.types("strategies", "--token", "a-long-secret").returncode == 0
        assert typist.types("strategies", FORGE_TOKEN="a-long-secret").returncode == 0


def test_a_watcher_outlives_a_restart_of_the_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "strategies").mkdir(parents=True)
    (home / "strategies" / "probe.py").write_text(textwrap.dedent(STRATEGIES))
    file = tmp_path / "acme.csv"
    file.write_text(bars(ROWS))
    with serving(home, FORGE_DRAIN_TIMEOUT="0") as first:
        typist = Typist(first.url)
        assert typist.types("import", str(file), *SERIES).returncode == 0
        watcher = typist.begins("submit", "Slow", *SERIES, "--watch")
        line_with(watcher, "simulating: Processed")
        first.process.kill()
        line_with(watcher, "connection lost, polling…")
    with serving(home, PORT=first.port):
        output, errors = watcher.communicate(timeout=LIMIT_S)
    assert "connected again" in output
    assert (watcher.returncode, "server restarted" in errors) == (1, True)
