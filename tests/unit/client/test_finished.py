"""What is left of a finished run when its client is gone."""

from contextlib import nullcontext

import pytest

from server.client import ClientError, Forge
from server.client.finished import FinishedBacktest
from tests.unit.report.reports import a_backtest


def test_a_run_whose_client_is_closed_still_shows_its_figures_and_says_why_it_has_no_tables() -> None:
    with Forge("http://127.0.0.1:1") as forge:
        found = FinishedBacktest(a_backtest().result, "http://there", lambda: nullcontext(forge))
    assert "Total return" in found._repr_html_()
    with pytest.raises(ClientError, match="The client is closed"):
        found.trades()


def test_a_watch_whose_client_is_closed_says_so() -> None:
    with Forge("http://127.0.0.1:1") as forge:
        states = forge.watch("key")
    with pytest.raises(ClientError, match="The client is closed"):
        next(states)
