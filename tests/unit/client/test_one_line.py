"""Runs in one line, of a client that plays a server."""

from typing import Any, cast

import msgspec
import pytest

from server.client import Forge, optimize, run
from server.contract.catalogue import DatasetInfo
from server.contract.run import Links, Submission
from tests.states import RUN
from tests.unit.client.test_series import ACME

SUBMISSION = Submission(
    run_key=RUN,
    kind="backtest",
    attempt=1,
    status="Pending",
    is_dedup=False,
    dedup="none",
    queue_position=None,
    links=msgspec.convert(dict.fromkeys(("self", "status", "cancel", "websocket", "report"), "/"), Links),
)


class Interrupted:
    """A client whose user does not wait for the end."""

    url = "http://there"

    def __init__(self) -> None:
        self.submitted: list[dict[str, Any]] = []

    def datasets(self) -> list[DatasetInfo]:
        return [ACME, msgspec.structs.replace(ACME, asset_name="OTHER")]

    def submit_backtest(self, request: dict[str, Any]) -> Submission:
        self.submitted.append(request)
        return SUBMISSION

    submit_optimization = submit_backtest

    def wait(self, _: Submission, *, progress: bool) -> None:
        raise KeyboardInterrupt

    @property
    def forge(self) -> Forge:
        """It in the place of the real one."""
        return cast("Forge", self)


def test_an_interrupt_leaves_the_run_alone_and_says_how_to_stop_it() -> None:
    with pytest.raises(KeyboardInterrupt) as interrupt:
        run("Probe", "ACME", forge=Interrupted().forge)
    assert interrupt.value.__notes__ == [f"The run goes on; Forge.cancel({RUN!r}) stops it."]


def test_the_first_of_several_series_gives_the_period() -> None:
    client = Interrupted()
    several = [{"asset_name": name, "exchange": "TEST", "time_frame": "1h"} for name in ("OTHER", "ACME")]
    with pytest.raises(KeyboardInterrupt):
        optimize("Pairs", data_subscriptions=several, window=[5, 10], forge=client.forge)
    (request,) = client.submitted
    assert [one["assetName"] for one in request["dataSubscriptions"]] == ["OTHER", "ACME"]
    assert (request["startTime"], request["endTime"]) == (ACME.first, ACME.last)
    assert request["axes"] == {"window": {"values": [5, 10]}}
