"""`forge download`, with a client that answers what the test wants."""

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from server.cli.download import download
from server.client import ProblemError
from server.contract.catalogue import DatasetInfo
from server.contract.downloads import Download
from tests.states import download_of
from tests.unit.client.test_asynchronous import DATASET

DONE = download_of(status="Completed", fetched=1, dataset_id="x", notice="the exchange's bars begin later")


class Desk:
    """A client whose one download goes through `states`; None is a Ctrl-C."""

    def __init__(self, *states: Download | None, cancels: bool = True) -> None:
        self._states = states
        self._cancels = cancels
        self.asked: Mapping[str, Any] = {}

    def submit_download(self, request: Mapping[str, Any]) -> Download:
        self.asked = request
        return download_of()

    def watch_download(self, identity: str) -> Iterator[Download]:
        for state in self._states:
            if state is None:
                raise KeyboardInterrupt
            yield state

    def cancel_download(self, identity: str) -> Download:
        if not self._cancels:
            raise ProblemError("already_terminal", "too late")
        return download_of(fetched=300, cancel_requested=True)

    def download(self, identity: str) -> Download:
        return DONE

    def datasets(self) -> list[DatasetInfo]:
        return [msgspec.convert(DATASET, DatasetInfo)]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types the command at a desk."""

    def run(desk: Desk, *options: str) -> Result:
        monkeypatch.setattr("server.cli.download.asking", lambda: nullcontext(desk))
        words = ["binance", "BTC/USDT", "1h", "--from", "2024-01-01", *options]
        return CliRunner().invoke(download, words)

    return run


def test_what_is_typed_is_asked_and_the_data_set_told(types: Any) -> None:
    desk = Desk(download_of(phase="connecting"), DONE)
    done = types(desk, "--to", "2024-01-31", "--asset", "BTC")
    assert desk.asked == {
        "exchange": "binance",
        "symbol": "BTC/USDT",
        "timeFrame": "1h",
        "startTime": "2024-01-01T00:00:00.000Z",
        "endTime": "2024-01-31T23:59:59.999Z",
        "assetName": "BTC",
    }
    assert done.exit_code == 0
    assert "Imported ACME TEST 1h, version 1" in done.output
    assert done.output.endswith("note  the exchange's bars begin later\n")


def test_a_failed_one_says_why_and_exits_with_1(types: Any) -> None:
    failed = types(Desk(download_of(status="Failed", error_message="no such market")))
    assert (failed.exit_code, failed.output.splitlines()[-1]) == (1, "error: no such market")


def test_ctrl_c_cancels_and_says_how_to_go_on(types: Any) -> None:
    stopped = types(Desk(download_of(fetched=300), None))
    assert stopped.exit_code == 130
    assert stopped.output.endswith("Cancelled; the 300 bars fetched stay. The same command goes on from there.\n")


def test_ctrl_c_at_the_very_end_is_no_fault(types: Any) -> None:
    assert types(Desk(None, cancels=False)).exit_code == 130


def test_detached_it_is_left_to_the_server(types: Any) -> None:
    left = types(Desk(), "--detach")
    assert left.exit_code == 0
    assert "the same command without --detach comes back to it" in left.output


def test_programs_get_every_state_and_nothing_else(types: Any) -> None:
    states = types(Desk(download_of(), DONE), "--json").output.splitlines()
    assert [json.loads(state)["status"] for state in states] == ["Running", "Completed"]
