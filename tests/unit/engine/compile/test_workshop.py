"""The folder of machine code: what is kept in it, and what happens where it, numba or the disk fails."""

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest
from numba.core.errors import TypingError

from server.engine.backtest import run_backtest
from server.engine.compile import workshop as workshops
from server.engine.compile.pasting import kernel
from server.engine.compile.workshop import Workshop
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.forms import workshop
from tests.machine_code import COMPILED
from tests.trading import COIN, HOUR_MS, Counter, run, settings, walk
from tests.written import HEADER_LINES, bars_of_code, written

if TYPE_CHECKING:
    from server.contract.run import Mode, Phase

BARS: Final = walk(20, start=2_000, step=30)
BUY: Final = bars_of_code("if bar.i == 3:\n    self.buy(1)")


def played(folder: Path, compiler: Any) -> EngineResult:
    """A run of a strategy that no process has seen."""
    return run(written(folder, BUY), BARS, compiler=compiler)


def fresh_folder(folder: Path) -> Path:
    """A folder of its own that has the kernel's machine code and nothing else."""
    workshop()
    made = folder / "compiled"
    (made / "__pycache__").mkdir(parents=True)
    for part in (*COMPILED.glob(f"*{kernel().digest}*"), *COMPILED.glob(f"__pycache__/*{kernel().digest}*")):
        shutil.copy2(part, made / part.relative_to(COMPILED))
    return made


def test_what_numba_refuses_is_interpreted_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise TypingError("Failed in nopython mode pipeline (step: nopython frontend)\nno cows")

    monkeypatch.setattr(workshops, "build", refuse)
    result = played(tmp_path, workshop())
    assert (result.mode, len(result.fills)) == ("interpreted", 1)
    assert result.warnings == [
        f"interpreted: probe.py:{HEADER_LINES + 2}: numba does not compile it: TypingError: no cows"
    ]


def test_what_is_refused_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0

    def refuse(*_: object, **__: object) -> NoReturn:
        nonlocal tried
        tried += 1
        raise TypingError("no")

    monkeypatch.setattr(workshops, "build", refuse)
    strategy = written(tmp_path, BUY)
    results = [run(strategy, BARS, compiler=workshop()) for _ in range(3)]
    assert [result.mode for result in results] == ["interpreted"] * 3
    assert results[0].warnings == results[2].warnings
    assert tried == 1


def test_a_tuple_of_other_numbers_on_another_path_is_compiled_or_said_not_to_be(tmp_path: Path) -> None:
    text = bars_of_code("t = (1, 2) if bar.i > 3 else (1.5, 2)", "if t[0] == 1:\n    self.buy(1)")
    result = run(written(tmp_path, text), BARS, compiler=workshop())
    assert result.mode == "compiled" or "numba does not compile it" in result.warnings[0]
    assert len(result.fills) > 0


def test_a_disk_without_room_leaves_the_run_to_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workshops, "build", full)
    result = played(tmp_path, workshop())
    assert result.mode == "interpreted"
    assert result.warnings == ["interpreted: machine code cannot be kept (No space left on device)"]


def test_memory_that_runs_out_while_compiling_is_not_taken_for_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object, **__: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(workshops, "build", exhausted)
    with pytest.raises(MemoryError):
        played(tmp_path, workshop())


def test_nothing_is_compiled_before_the_compiler_is_prepared(tmp_path: Path) -> None:
    result = played(tmp_path, Workshop(tmp_path / "empty"))
    assert result.warnings == ["interpreted: the compiler is still being prepared"]


def test_a_class_is_compiled_once_for_all_its_parameters_that_are_numbers() -> None:
    told: list[tuple[Phase, Mode | None]] = []
    made = Workshop(COMPILED)
    made.prepare()
    series = [Series(BARS, 0, 20, COIN, HOUR_MS)]
    for fast in (5, 6, 7):
        run_backtest(
            SmaCrossover,
            {"fastPeriod": fast},
            series,
            settings(),
            progress=Counter(),
            compiler=made,
            phases=lambda phase, mode: told.append((phase, mode)),
        )
    assert told == [("compiling", None), *[("simulating", "compiled")] * 3]


def test_each_choice_is_compiled_apart(tmp_path: Path) -> None:
    text = """
    class Probe(Strategy):
        side: str = param("long", choices=["long", "short"])

        def on_bar(self, bar):
            if self.side == "long" and bar.i == 3:
                self.buy(2)
            if self.side != "long" and bar.i == 5:
                self.buy(1)
    """
    strategy = written(tmp_path, text)
    fills = [run(strategy, BARS, {"side": side}, compiler=workshop()).fills for side in ("long", "short")]
    assert [list(table["quantity"]) for table in fills] == [[2.0], [1.0]]


def workshop_in(folder: Path) -> Workshop:
    """One of a process that has compiled no strategy yet."""
    for name in [name for name in sys.modules if name.startswith("strategy_")]:
        del sys.modules[name]
    made = Workshop(folder)
    made.prepare()
    return made


def halved(content: bytes) -> bytes:
    """What is left where the end never got to the disk."""
    return content[: len(content) // 2]


def zeroed(content: bytes) -> bytes:
    """What is left where the middle never got to the disk."""
    third = len(content) // 3
    return content[:third] + bytes(third) + content[2 * third :]


@pytest.mark.parametrize("broken", [halved, zeroed, lambda _: b""], ids=["halved", "zeroed", "empty"])
@pytest.mark.parametrize("name", ["strategy_*.run-*.nbc", "strategy_*.nbi", "strategy_*.py"])
def test_broken_files_of_a_strategy_are_written_anew(
    tmp_path: Path, name: str, broken: Callable[[bytes], bytes]
) -> None:
    folder = fresh_folder(tmp_path)
    workshop_in(folder)
    strategy = written(tmp_path, BUY)
    assert run(strategy, BARS, compiler=workshop_in(folder)).mode == "compiled"
    whole = {path: path.read_bytes() for path in folder.rglob(name)}
    assert whole
    for path, content in whole.items():
        path.write_bytes(broken(content))
    again = run(strategy, BARS, compiler=workshop_in(folder))
    assert (again.mode, again.warnings, len(again.fills)) == ("compiled", [], 1)
    assert {path.stat().st_size for path in whole} == {len(content) for content in whole.values()}


def test_broken_files_of_the_kernel_are_compiled_anew(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path)
    code = f"""
    from pathlib import Path
    from server.engine.compile.workshop import Workshop
    from server.strategies.shipped.sma_crossover import SmaCrossover
    from tests.trading import run, walk
    print(run(SmaCrossover, walk(20, start=2_000), compiler=Workshop(Path({str(folder)!r}))).mode)
    """
    broken = [path for part in ("cancel_order", "count_bar") for path in folder.rglob(f"kernel_*.{part}-*.nbc")]
    assert broken
    for path in broken:
        path.write_bytes(halved(path.read_bytes()))
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "compiled"


def test_processes_that_compile_the_same_at_once_in_a_fresh_folder_do_not_harm_each_other(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path)
    code = f"""
    from pathlib import Path
    from server.engine.compile.workshop import Workshop
    from server.strategies.shipped.buy_and_hold import BuyAndHold
    from server.strategies.shipped.sma_crossover import SmaCrossover
    from tests.trading import run, walk
    made = Workshop(Path({str(folder)!r}))
    print(*(run(one, walk(20, start=2_000), compiler=made).mode for one in (SmaCrossover, BuyAndHold)))
    """
    workers = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [worker.communicate()[0].strip() for worker in workers] == ["compiled compiled"] * 3
    again = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == "compiled compiled"
    assert not list(folder.glob(".*.tmp"))
