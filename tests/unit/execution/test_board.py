"""The board: what a worker writes, the server reads, and nobody else's."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.execution.board import Board, BoardFullError, Cell, map_board
from server.execution.cell import CELL_BYTES, RECORD_OFFSET, CellWriter
from server.execution.port import Counts


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "board", 2)
    yield board
    board.close()


def writer_of(cell: Cell) -> CellWriter:
    """The cell as another process maps it."""
    return CellWriter(map_board(cell.address.board), cell.address)


def test_cells_are_aligned_to_cache_lines() -> None:
    assert CELL_BYTES % 64 == 0
    assert RECORD_OFFSET % 64 == 0


def test_a_fresh_cell_holds_no_record(board: Board) -> None:
    assert board.lease().read() is None


def test_what_a_worker_writes_is_read_by_the_server(board: Board) -> None:
    cell = board.lease()
    writer = writer_of(cell)
    writer.enter("simulating", "interpreted")
    writer.advance(4096, 1_704_067_200_000, 10_250.5)
    record = cell.read()
    assert record is not None
    assert record.counts == Counts(
        processed=4096,
        bars=4096,
        phase="simulating",
        mode="interpreted",
        bar_time_ms=1_704_067_200_000,
        equity=10_250.5,
    )
    assert record.sequence == 2


def test_a_chunk_counts_trials_and_bars(board: Board) -> None:
    cell = board.lease()
    writer = writer_of(cell)
    writer.enter("evaluating", "interpreted")
    writer.count_trials(7, 2, 900_000)
    record = cell.read()
    assert record is not None
    assert record.counts == Counts(processed=7, failed=2, bars=900_000, phase="evaluating", mode="interpreted")


def test_cancel_is_seen_by_the_worker_and_survives_its_writes(board: Board) -> None:
    cell = board.lease()
    writer = writer_of(cell)
    assert not writer.cancelled()
    cell.cancel()
    writer.advance(1, 0, 0.0)
    assert writer.cancelled()
    cell.cancel()
    assert writer.cancelled()


def test_a_freed_cell_is_leased_again_without_its_past(board: Board) -> None:
    first = board.lease()
    writer_of(first).advance(10, 0, 1.0)
    first.cancel()
    board.free(first)
    second = board.lease()
    assert second.address.number == first.address.number
    assert second.read() is None
    assert not writer_of(second).cancelled()


def test_a_stale_worker_writes_nothing_and_is_told_to_stop(board: Board) -> None:
    first = board.lease()
    stale = writer_of(first)
    stale.advance(10, 0, 1.0)
    board.free(first)
    assert stale.cancelled()
    second = board.lease()
    writer_of(second).advance(3, 0, 1.0)
    stale.advance(20, 0, 1.0)
    record = second.read()
    assert record is not None
    assert record.counts.processed == 3


def test_a_full_board_says_so(board: Board) -> None:
    board.lease()
    board.lease()
    with pytest.raises(BoardFullError):
        board.lease()


def test_a_new_board_is_not_the_file_that_old_workers_write_to(tmp_path: Path) -> None:
    old = Board(tmp_path / "board", 1)
    stale = writer_of(old.lease())
    new = Board(tmp_path / "board", 1)
    cell = new.lease()
    stale.advance(5, 0, 1.0)
    assert cell.read() is None
    old.close()
    new.close()


def test_a_torn_record_is_not_believed(board: Board) -> None:
    cell = board.lease()
    memory = map_board(cell.address.board)
    CellWriter(memory, cell.address).advance(5, 0, 1.0)
    memory[cell.address.offset + RECORD_OFFSET + 16] ^= 1
    assert cell.read() is None


def test_a_reader_beside_a_writer_sees_whole_records_that_never_fall(board: Board) -> None:
    cell = board.lease()
    done = threading.Event()

    def write() -> None:
        writer = writer_of(cell)
        for count in range(1, 20_001):
            writer.advance(count, count * 1000, float(count))
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = 0
    while not done.is_set():
        record = cell.read()
        if record is not None:
            counts = record.counts
            assert counts.processed >= seen
            assert counts.bar_time_ms == counts.processed * 1000
            assert counts.equity == counts.processed
            seen = counts.processed
    thread.join()
    assert seen > 0
