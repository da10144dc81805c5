"""States as the command line shows them."""

import json

import pytest

from server.cli.progress import JsonView, view
from server.client.views import LineView
from tests.states import state_of


def test_programs_get_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = JsonView()
    shown.show(state_of(rev=(1, 1)))
    shown.link("polling")
    shown.show(state_of(rev=(1, 2)))
    states = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [state["rev"] for state in states] == [[1, 1], [1, 2]]


def test_what_is_no_terminal_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(view(as_json=True), JsonView)
    shown = view(as_json=False)
    assert isinstance(shown, LineView)
    shown.show(state_of())
    assert capsys.readouterr().out == "Running: Processed 10 / 1,000 Bars (1%)\n"
