"""Tables on a terminal and in a file."""

import pytest

from server.cli.console import new_table, print_json, print_table
from server.contract.catalogue import SourceError

KEY = "SmaCrossover_1.0.0_20240101-20241231_0123456789abcdef01234567"


def test_a_table_is_never_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table = new_table()
    table.add_column("Status")
    table.add_column("Run")
    table.add_row("Completed", KEY)
    print_table(table, indent=2)
    assert capsys.readouterr().out == f"  Status     Run\n  Completed  {KEY}\n"


def test_what_looks_like_markup_stays_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    table = new_table(header=False)
    table.add_row("[red]x[/red] :smile:")
    print_table(table)
    assert capsys.readouterr().out == "[red]x[/red] :smile:\n"


def test_json_is_that_of_the_api_in_one_line_or_many(capsys: pytest.CaptureFixture[str]) -> None:
    value = SourceError(file="a.py", line=1, message="no")
    print_json(value, lines=True)
    print_json(value)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == '{"file":"a.py","line":1,"message":"no"}'
    assert rest == ["{", '  "file": "a.py",', '  "line": 1,', '  "message": "no"', "}"]
