"""Which files of a folder are due, and what they are."""

import json
import os
from pathlib import Path

import pytest

from server.data.drop_folder import BadDrop, Drop, DropFolder


def put(folder: Path, name: str, text: str = "bars", age_ns: int = 0) -> Path:
    """Writes a file that was changed at an instant of its own."""
    path = folder / name
    path.write_text(text)
    os.utime(path, ns=(age_ns, age_ns))
    return path


def described(folder: Path) -> Drop:
    """What a folder of one file says that it is."""
    drops = DropFolder(folder)
    assert drops.look() == []
    (drop,) = drops.look()
    assert isinstance(drop, Drop), drop
    return drop


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("EURUSD_OANDA_1h.csv", ("EURUSD", "OANDA", "1h", "bars")),
        ("BTC_USDT_Binance_60m.PARQUET", ("BTC_USDT", "Binance", "1h", "bars")),
        ("BRK.B_NYSE_1d.feather", ("BRK.B", "NYSE", "1d", "bars")),
        ("BTCUSDT_Binance_funding.csv", ("BTCUSDT", "Binance", "funding", "funding")),
    ],
)
def test_a_name_says_what_a_file_is(tmp_path: Path, name: str, said: tuple[str, ...]) -> None:
    put(tmp_path, name)
    assert described(tmp_path)[2:6] == said


def test_what_stands_beside_it_goes_first(tmp_path: Path) -> None:
    put(tmp_path, "EURUSD_OANDA_1h.csv")
    put(tmp_path, "EURUSD_OANDA_1h.json", json.dumps({"exchange": "Demo", "tickSize": "0.5", "quarantine": True}))
    drop = described(tmp_path)
    assert (drop.asset_name, drop.exchange, drop.options.tick_size, drop.options.quarantine) == (
        *("EURUSD", "Demo", "0.5", True),
    )


def test_any_name_will_do_with_a_file_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "prices.csv")
    put(tmp_path, "prices.json", json.dumps({"assetName": "X", "exchange": "Y", "timeFrame": "1d"}))
    assert described(tmp_path)[2:5] == ("X", "Y", "1d")


@pytest.mark.parametrize(
    ("name", "beside", "reason"),
    [
        ("prices.csv", None, "its name does not say what it is; name it ASSET_EXCHANGE_TIMEFRAME, or say it in"),
        ("EURUSD_OANDA_often.csv", None, "'often' is no time frame"),
        ("EURUSD_OANDA_1h.csv", "{", "EURUSD_OANDA_1h.json beside it cannot be read"),
        ("EURUSD_OANDA_1h.csv", '{"ticksize": "1"}', "unknown field `ticksize`"),
        ("EURUSD_OANDA_1h.csv", '{"tickSize": "small"}', "tickSize"),
    ],
)
def test_what_nobody_knows_is_told(tmp_path: Path, name: str, beside: str | None, reason: str) -> None:
    put(tmp_path, name)
    if beside is not None:
        put(tmp_path, f"{Path(name).stem}.json", beside)
    drops = DropFolder(tmp_path)
    drops.look()
    (drop,) = drops.look()
    assert isinstance(drop, BadDrop)
    assert reason in drop.reason


def test_a_file_is_due_once_it_has_stopped_growing_and_again_when_it_changes(tmp_path: Path) -> None:
    drops = DropFolder(tmp_path)
    looks = []
    for age_ns in (1, 2, 2, 2, 2, 3, 3):
        put(tmp_path, "EURUSD_OANDA_1h.csv", age_ns=age_ns)
        due = drops.look()
        looks.append(len(due))
        if looks.count(1) == 2 or len(looks) == 7:
            for drop in due:
                drops.settle(drop)
    assert looks == [0, 0, 1, 1, 0, 0, 1]


def test_a_changed_side_car_makes_its_file_due_again(tmp_path: Path) -> None:
    put(tmp_path, "EURUSD_OANDA_1h.csv")
    drop = described(tmp_path)
    put(tmp_path, "EURUSD_OANDA_1h.json", "{}")
    again = DropFolder(tmp_path, {drop.path.name: drop.signature})
    assert [len(again.look()), len(again.look())] == [0, 1]


def test_other_files_and_empty_ones_are_left_alone(tmp_path: Path) -> None:
    for name in ("notes.txt", ".hidden_A_1h.csv", "~A_B_1h.csv", "A_B_1h.csv.part"):
        put(tmp_path, name)
    put(tmp_path, "A_B_1h.csv", "")
    (tmp_path / "C_D_1h.csv").mkdir()
    drops = DropFolder(tmp_path)
    assert [drops.look(), drops.look()] == [[], []]
