"""Files as they come in from another machine."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.execution.cluster.delivery import Delivery, NotExpectedError

if TYPE_CHECKING:
    from server.execution.tasks import BacktestTask, CalibrateTask, CurvesTask, TrialsTask
    from tests.conftest import Workshop

CODE = """
class Probe(Strategy):
    def on_bar(self, bar):
        return
"""


@pytest.fixture
def backtest(workshop: "Workshop") -> "BacktestTask":
    return workshop.backtest(workshop.strategy(CODE), workshop.data(10))


def taking(task: "BacktestTask | TrialsTask | CurvesTask | CalibrateTask", execution: str = "one") -> Delivery:
    """One that takes the files of an execution."""
    delivery = Delivery(task)
    delivery.begin(execution)
    return delivery


def test_a_file_has_its_name_once_all_of_it_is_there(backtest: "BacktestTask") -> None:
    delivery, folder = taking(backtest), Path(backtest.result_dir)
    delivery.leave("one", "equity.npy", 0, b"abc", last=False)
    assert not (folder / "equity.npy").exists()
    delivery.leave("one", "equity.npy", 3, b"def", last=True)
    assert (folder / "equity.npy").read_bytes() == b"abcdef"
    assert [path.name for path in folder.iterdir()] == ["equity.npy"]


def test_a_file_that_is_sent_anew_is_that_of_the_second_time(backtest: "BacktestTask") -> None:
    delivery = taking(backtest)
    delivery.leave("one", "equity.npy", 0, b"a longer one that never ended", last=False)
    delivery.leave("one", "equity.npy", 0, b"short", last=True)
    assert (Path(backtest.result_dir) / "equity.npy").read_bytes() == b"short"


def test_a_file_that_grows_is_there_from_the_first_byte_on(backtest: "BacktestTask") -> None:
    delivery = taking(backtest)
    delivery.grow("one", "equity.live.npy", 0, b"ab", 6)
    assert backtest.live_curve.read_bytes() == b"ab\0\0\0\0"
    delivery.grow("one", "equity.live.npy", 2, b"cd", None)
    assert backtest.live_curve.read_bytes() == b"abcd\0\0"
    delivery.grow("one", "events.live.ndjson", 0, b"{}\n", None)
    assert backtest.live_log.read_bytes() == b"{}\n"


def test_what_is_unfinished_goes_and_what_is_finished_stays(backtest: "BacktestTask") -> None:
    delivery, folder = taking(backtest), Path(backtest.result_dir)
    delivery.grow("one", "equity.live.npy", 0, b"ab", 6)
    delivery.leave("one", "trades.npy", 0, b"abc", last=False)
    delivery.leave("one", "fills.npy", 0, b"abc", last=True)
    delivery.forsake()
    assert [path.name for path in folder.iterdir()] == ["fills.npy"]


def test_what_arrives_for_others_in_the_same_folder_stays(workshop: "Workshop") -> None:
    task = workshop.curves(workshop.strategy(CODE), workshop.data(10), [])
    first, second = taking(task), taking(task, "two")
    first.leave("one", "curves-a.npz", 0, b"abc", last=False)
    second.forsake()
    first.leave("one", "curves-a.npz", 3, b"def", last=True)
    assert (Path(task.result_dir) / "curves-a.npz").read_bytes() == b"abcdef"


@pytest.mark.parametrize(
    "name", ["../result.json", "a/b.npy", ".hidden.npy", "", "no-suffix", "a.npy\0", "..", "/etc/x.npy"]
)
def test_a_name_that_is_none_is_refused(backtest: "BacktestTask", name: str) -> None:
    with pytest.raises(NotExpectedError):
        taking(backtest).leave("one", name, 0, b"", last=True)


@pytest.mark.parametrize("name", ["result.json", "../equity.live.npy", "equity.npy"])
def test_only_the_live_files_of_a_backtest_grow(backtest: "BacktestTask", name: str) -> None:
    with pytest.raises(NotExpectedError):
        taking(backtest).grow("one", name, 0, b"", None)


def test_a_chunk_leaves_its_own_file_alone(workshop: "Workshop") -> None:
    task = workshop.trials(workshop.strategy(CODE), workshop.data(10), {})
    delivery = taking(task)
    with pytest.raises(NotExpectedError):
        delivery.leave("one", "trials-000000099.npz", 0, b"", last=True)
    delivery.leave("one", Path(task.chunk_path).name, 0, b"abc", last=True)
    assert Path(task.chunk_path).read_bytes() == b"abc"


def test_a_calibration_leaves_nothing(workshop: "Workshop") -> None:
    delivery = taking(workshop.calibration(workshop.strategy(CODE), workshop.data(10), [{}]))
    with pytest.raises(NotExpectedError):
        delivery.leave("one", "equity.npy", 0, b"", last=True)
    delivery.forsake()


def test_what_an_older_execution_still_sends_is_refused_and_what_it_sent_is_gone(backtest: "BacktestTask") -> None:
    delivery, folder = taking(backtest, "old"), Path(backtest.result_dir)
    delivery.leave("old", "trades.npy", 0, b"abc", last=False)
    delivery.grow("old", "equity.live.npy", 0, b"ab", 6)
    delivery.begin("new")
    assert list(folder.iterdir()) == []
    with pytest.raises(NotExpectedError):
        delivery.leave("old", "trades.npy", 3, b"def", last=True)
    with pytest.raises(NotExpectedError):
        delivery.grow("old", "equity.live.npy", 2, b"cd", None)
    assert list(folder.iterdir()) == []


def test_nothing_is_taken_once_the_task_is_over(backtest: "BacktestTask") -> None:
    delivery = taking(backtest)
    delivery.forsake()
    with pytest.raises(NotExpectedError):
        delivery.grow("one", "equity.live.npy", 0, b"ab", 6)
