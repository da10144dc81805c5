"""Log lines."""

import json
import logging
from collections.abc import Iterator

import pytest

from server import logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_as_text_ends_with_the_run_it_concerns(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "info")
    logging.getLogger("server.runs").info("run queued", extra={"run_key": "Probe_1_x", "attempt": 2})
    line = capsys.readouterr().err
    assert "run queued" in line
    assert "run_key=Probe_1_x" in line
    assert "attempt=2" in line


def test_a_line_as_json_has_the_run_as_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    logging.getLogger("server.runs").warning("run failed", extra={"run_key": "Probe_1_x", "attempt": 2})
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["run_key"], line["attempt"], line["level"]) == (
        "run failed",
        "Probe_1_x",
        2,
        "WARNING",
    )


def test_an_error_brings_its_stack_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("server").exception("it broke")
    assert "ValueError: boom" in json.loads(capsys.readouterr().err)["exception"]


def test_a_line_break_in_a_value_makes_no_second_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "info")
    logging.getLogger("server").info("refused", extra={"reason": "one\ntwo"})
    assert len(capsys.readouterr().err.splitlines()) == 1
