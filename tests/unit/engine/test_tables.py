"""Result files are there whole or not at all."""

from pathlib import Path

import numpy as np
import pytest

from server.engine.tables import EQUITY_DTYPE, map_rows, write_atomically, write_columns, write_rows


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = np.array([(1, 2.0, -3.0)], dtype=EQUITY_DTYPE)
    write_rows(tmp_path / "equity.npy", rows)
    assert map_rows(tmp_path / "equity.npy").tolist() == rows.tolist()


def test_columns_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_columns(tmp_path / "trials.npz", {"index": np.arange(3), "param:fast": np.ones(3)})
    with np.load(tmp_path / "trials.npz") as columns:
        assert columns["index"].tolist() == [0, 1, 2]
        assert columns["param:fast"].tolist() == [1.0, 1.0, 1.0]


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    write_atomically(tmp_path / "result.json", b"old")
    write_atomically(tmp_path / "result.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert (tmp_path / "result.json").read_bytes() == b"new"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(OSError):
        write_atomically(tmp_path / "result.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
