"""Log lines."""

import asyncio
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
    assert "runKey=Probe_1_x" in line
    assert "attempt=2" in line


def test_a_line_as_json_has_the_run_as_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    logging.getLogger("server.runs").warning("run failed", extra={"run_key": "Probe_1_x", "attempt": 2})
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["runKey"], line["attempt"], line["level"]) == (
        "run failed",
        "Probe_1_x",
        2,
        "WARNING",
    )


async def test_lines_of_what_is_called_and_begun_within_tell_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    log = logging.getLogger("server.store")

    async def later() -> None:
        await asyncio.to_thread(log.info, "from a thread of a task")

    with logs.about(run_key="Probe_1_x", attempt=2):
        task = asyncio.create_task(later())
        log.warning("within")
        log.warning("of another", extra={"run_key": "Probe_1_y"})
    log.info("after")
    await task
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["message"], line.get("runKey"), line.get("attempt")) for line in lines] == [
        ("within", "Probe_1_x", 2),
        ("of another", "Probe_1_y", 2),
        ("after", None, None),
        ("from a thread of a task", "Probe_1_x", 2),
    ]


def test_a_process_can_write_as_the_one_that_started_it() -> None:
    logs.configure("json", "warning")
    assert logs.style() == ("json", "warning")
    logging.getLogger().handlers[:] = []
    assert logs.style() is None


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
