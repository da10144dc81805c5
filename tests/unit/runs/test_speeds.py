"""How fast strategies were seen to be."""

from pathlib import Path

import pytest

from server.runs.speeds import Speeds, speed_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "speeds.json"


async def test_a_strategy_that_was_never_measured_has_no_estimate(path: Path) -> None:
    assert Speeds(lambda: 2, path).seconds("abc", 1_000) is None


async def test_a_calibration_counts_until_a_sweep_tells_more(path: Path) -> None:
    speeds = Speeds(lambda: 2, path)
    await speeds.calibrate("abc", 1_000, 1.0)
    assert speeds.seconds("abc", 10_000) == 5.0
    assert speeds.seconds("abc", 10_000, most=1) == 10.0
    await speeds.note("abc", 4_000, 1.0)
    assert speeds.seconds("abc", 16_000) == 2.0


async def test_one_slow_sweep_does_not_decide_alone(path: Path) -> None:
    speeds = Speeds(lambda: 1, path)
    await speeds.note("abc", 1_000, 1.0)
    await speeds.note("abc", 500, 1.0)
    assert speeds.seconds("abc", 850) == 1.0


async def test_what_was_measured_is_known_after_a_restart(path: Path) -> None:
    before = Speeds(lambda: 1, path)
    await before.note("abc", 1_000, 1.0)
    await before.calibrate("def", 2_000, 1.0)
    after = Speeds(lambda: 1, path)
    assert (after.seconds("abc", 1_000), after.seconds("def", 1_000)) == (1.0, 0.5)


async def test_a_damaged_file_costs_the_estimates_alone(path: Path) -> None:
    path.write_bytes(b"{")
    speeds = Speeds(lambda: 1, path)
    assert speeds.seconds("abc", 1_000) is None
    await speeds.note("abc", 1_000, 1.0)
    assert Speeds(lambda: 1, path).seconds("abc", 1_000) == 1.0


async def test_a_disk_that_takes_nothing_fails_no_run(path: Path, tmp_path: Path) -> None:
    speeds = Speeds(lambda: 1, tmp_path / "gone" / "speeds.json")
    await speeds.note("abc", 1_000, 1.0)
    assert speeds.seconds("abc", 1_000) == 1.0


async def test_what_took_no_time_says_nothing(path: Path) -> None:
    speeds = Speeds(lambda: 1, path)
    await speeds.note("abc", 0, 1.0)
    await speeds.calibrate("abc", 10, 0.0)
    assert speeds.seconds("abc", 1_000) is None


async def test_the_oldest_strategies_are_forgotten(path: Path) -> None:
    speeds = Speeds(lambda: 1, path)
    for number in range(1_001):
        await speeds.calibrate(str(number), 1_000, 1.0)
    assert speeds.seconds("0", 1_000) is None
    assert speeds.seconds("1", 1_000) == 1.0


def test_a_strategy_that_is_interpreted_is_another_one() -> None:
    assert speed_key("abc", compile=True) != speed_key("abc", compile=False)
