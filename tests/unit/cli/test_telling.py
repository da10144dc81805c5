"""What the commands say."""

import click
import msgspec
import pytest

from server.cli.asking import hint, problem_text
from server.cli.faults import Fault, SettingsFault
from server.cli.imports import lines as import_lines
from server.cli.strategies_list import broken_line
from server.cli.submission import lines as submission_lines
from server.client import ProblemError
from server.contract.catalogue import DatasetInfo, Gap, SourceError, StrategyInfo
from server.contract.problems import FieldError
from server.contract.run import Dedup, Links, Submission
from tests.states import INSTANT, RUN

URL = "http://127.0.0.1:8000"


def submission(dedup: Dedup = "none", place: int | None = None) -> Submission:
    """The answer to a backtest of 8,760 bars."""
    links = Links(self=f"/api/{RUN}", status=f"/api/{RUN}/status", cancel="", websocket="", report=f"/backtests/{RUN}")
    return Submission(
        run_key=RUN,
        kind="backtest",
        attempt=1,
        status="Pending",
        is_dedup=dedup != "none",
        dedup=dedup,
        queue_position=place,
        links=links,
        total_bars=8760,
    )


def dataset(gaps: list[Gap]) -> DatasetInfo:
    """An hourly series."""
    return DatasetInfo(
        id="eurusd",
        asset_name="EURUSD",
        exchange="OANDA",
        time_frame="1h",
        version=1,
        content_hash="0",
        rows=55_745,
        first=INSTANT,
        last=INSTANT,
        tick_size=0.000005,
        lot_size=1,
        quote="USD",
        multiplier=1,
        gaps=gaps,
        gap_count=len(gaps),
        quarantined=0,
        source="eurusd.csv",
        ingested_at=INSTANT,
        synthetic=False,
    )


def told(result: Submission, *, dry_run: bool = False, watched: bool = False) -> str:
    with click.Context(click.Command("submit")):
        return click.unstyle("\n".join(submission_lines(URL, result, dry_run=dry_run, watched=watched)))


def test_a_submission_tells_key_total_and_where_to_go_on() -> None:
    text = told(submission(place=3))
    assert text.splitlines()[:2] == [RUN, "  backtest of 8,760 bars: Pending, attempt 1, place 3 in the queue"]
    assert f"page    {URL}/backtests/{RUN}" in text
    assert f"forge watch {RUN}" in text


@pytest.mark.parametrize(
    ("dedup", "now", "dry"),
    [
        ("none", "Pending, attempt 1", "would start attempt 1"),
        ("inFlight", "joined the run under way", "would join the run under way"),
        ("cached", "computed before", "would be answered from the store"),
    ],
)
def test_a_submission_tells_what_became_of_it(dedup: Dedup, now: str, dry: str) -> None:
    assert now in told(submission(dedup))
    assert dry in told(submission(dedup), dry_run=True)


def test_a_stored_run_is_shown_and_not_watched() -> None:
    assert f"forge status {RUN}" in told(submission("cached"))


def test_a_dry_run_leads_nowhere() -> None:
    assert URL not in told(submission(), dry_run=True)


def test_a_hint_reaches_the_server_that_was_named() -> None:
    with click.Context(click.Command("watch")) as context:
        assert hint("watch", RUN) == f"forge watch {RUN}"
        context.meta["server.cli.asking.FORGE_URL"] = "http://there:1"
        assert hint("watch", RUN) == f"forge watch {RUN} --url http://there:1"


def test_a_problem_tells_every_field_once() -> None:
    errors = [FieldError(path="line 3", message="is twice"), FieldError(path="line 9", message="has no close")]
    error = ProblemError("bad_rows", "2 rows are bad; line 3: is twice", errors=errors)
    assert problem_text(error).splitlines() == ["bad_rows: 2 rows are bad; line 3: is twice", "  line 9: has no close"]


def test_a_problem_tells_what_would_help() -> None:
    assert "try again in 5 s" in problem_text(ProblemError("queue_full", "full", retry_after_s=5))
    assert "--token" in problem_text(ProblemError("unauthorised", "no"))


def test_settings_are_listed_and_end_with_another_code() -> None:
    fault = SettingsFault(["PORT: no", "HOST: no"])
    assert fault.message.splitlines() == ["some settings are wrong", "  PORT: no", "  HOST: no"]
    assert (fault.exit_code, Fault("x").exit_code) == (2, 1)


def test_an_import_reports_the_longest_gaps_first() -> None:
    gaps = [Gap(from_=INSTANT, to=INSTANT, bars=bars) for bars in (1, 49, 7, 3, 2, 5)]
    lines = [click.unstyle(line) for line in import_lines(dataset(gaps), created=True)]
    assert lines[0] == "Imported EURUSD OANDA 1h, version 1"
    assert "  size  tick 0.000005, lot 1, quoted in USD" in lines
    assert "  gaps  6, the longest" in lines
    assert [line.rsplit("  ", 1)[1] for line in lines[-5:]] == ["49 bars", "7 bars", "5 bars", "3 bars", "2 bars"]


def test_an_import_of_what_is_there_says_so() -> None:
    lines = import_lines(dataset([]), created=False)
    assert lines[0].startswith("The same bars are there already")
    assert lines[-1] == "  gaps  none"


def test_an_import_tells_what_was_left_out() -> None:
    info = msgspec.structs.replace(dataset([]), quarantined=3)
    assert any("3 rows left out; quarantined.txt" in line for line in import_lines(info, created=True))


@pytest.mark.parametrize(("line", "place"), [(12, "pullback.py:12: "), (0, "pullback.py: ")])
def test_a_broken_file_is_told_with_its_line(line: int, place: str) -> None:
    error = SourceError(file="pullback.py", line=line, message="SyntaxError: expected ':'")
    assert broken_line(StrategyInfo(name="pullback", error=error)) == f"{place}SyntaxError: expected ':'"
