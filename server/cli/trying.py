"""Loads a strategy file in a process of its own, as the server would, and runs what is in it over demo bars."""

import ast
import tempfile
import time
from pathlib import Path
from typing import Final

import msgspec

from server.contract.base import Model, ParamValue
from server.contract.catalogue import StrategyInfo
from server.contract.requests import Account, Commission
from server.contract.results import BacktestResult
from server.data.catalogue import Catalogue
from server.data.demo import load_demo
from server.engine.settings import EngineSettings
from server.execution.local import LocalExecutor
from server.execution.port import Executor
from server.execution.tasks import BacktestDone, BacktestTask, DataSlice, InspectDone, InspectTask, TaskFailed
from server.strategies.discovery import SHIPPED_FOLDER
from server.strategies.freezing import collect_source, source_hash
from server.strategies.source import FoundStrategy, StrategySource

_ASSET: Final = ("AAPL", "NASDAQ", "1d")
_OTHER: Final = ("SYNTHETIC", "DEMO", "1m")
_OTHER_ROWS: Final = 5_000
_LACKS_ASSET: Final = "there is no asset"
"""What the engine says to a strategy that asks for more assets than its run has."""
_LOAD_TIMEOUT_S: Final = 30.0
_RUN_TIMEOUT_S: Final = 60.0


class Flaw(Model, frozen=True, kw_only=True):
    """Why a file does not load: `line` and `column` count from 1, 0 where they are not known; `text` is the line."""

    file: str
    line: int
    column: int
    message: str
    text: str = ""


class Ran(Model, frozen=True, kw_only=True):
    """What a run with the default parameters came to; with `failure` nothing but that."""

    bars: int = 0
    fills: int = 0
    net_profit: float = 0.0
    duration_ms: int = 0
    warnings: list[str] = []
    failure: str | None = None
    stack_trace: str | None = None


class Checked(Model, frozen=True, kw_only=True):
    """One strategy of the file, and how its run over the bars of `asset` went."""

    name: str
    version: str
    description: str
    compilable: bool
    reason: str | None
    parameters: dict[str, ParamValue]
    ran: Ran


class Check(Model, frozen=True, kw_only=True):
    """All about a file; `ok`: everything in it loads and runs."""

    file: str
    ok: bool
    flaws: list[Flaw]
    strategies: list[Checked]


async def check(path: Path, *, whole_folder: bool) -> Check:
    """Checks a file; with `whole_folder` beside the others of its folder, so that a name taken twice is told.

    RuntimeError, OSError or TimeoutError when no process can be started.
    """
    with tempfile.TemporaryDirectory(prefix="forge-check-") as folder:
        root = Path(folder)
        async with LocalExecutor(workers=1, home=root) as executor:
            task = InspectTask(
                folders=[str(path.parent)], frozen_root=str(root / "sources"), only=None if whole_folder else path.name
            )
            outcome = await executor.start(task, timeout_s=_LOAD_TIMEOUT_S).outcome()
            if isinstance(outcome, TaskFailed):
                flaw = Flaw(file=path.name, line=0, column=0, message=outcome.message)
                return Check(file=str(path), ok=False, flaws=[flaw], strategies=[])
            assert isinstance(outcome, InspectDone)
            found = _of_file(outcome.strategies, path)
            flaws = _flaws(found, path)
            loaded = [(one.info, one.source) for one in found if one.source is not None]
            data = _bars(root / "datasets") if loaded else []
            checked = [await _tried(executor, info, source, data, root) for info, source in loaded]
    ok = not flaws and all(one.ran.failure is None for one in checked)
    return Check(file=str(path), ok=ok, flaws=flaws, strategies=checked)


def _of_file(found: list[FoundStrategy], path: Path) -> list[FoundStrategy]:
    """Without the shipped strategies, of which a file may have the same name."""
    shipped = set()
    if (SHIPPED_FOLDER / path.name).is_file() and path.parent != SHIPPED_FOLDER:
        shipped.add(source_hash(path.name, collect_source(SHIPPED_FOLDER, path.name)))
    return [one for one in found if one.info.file == path.name and one.info.source_hash not in shipped]


def _flaws(found: list[FoundStrategy], path: Path) -> list[Flaw]:
    flaws = [
        _placed(path.parent, one.info.error.file, one.info.error.line, one.info.error.message)
        for one in found
        if one.info.error is not None
    ]
    if not found:
        why = "there is no strategy in it: a class of its own derived from Strategy, with on_bar or on_open"
        if path.name.startswith(("_", ".")):
            why = "files whose names begin with _ or . are passed over: they are for others to import"
        elif path.suffix != ".py":
            why = "the names of strategy files end in .py"
        flaws.append(Flaw(file=path.name, line=0, column=0, message=why))
    return flaws


def _placed(folder: Path, file: str, line: int, message: str) -> Flaw:
    """With the line itself, and the column: of what Python cannot read its own, else where the line begins."""
    try:
        source = (folder / file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return Flaw(file=file, line=line, column=0, message=message)
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    column = len(text) - len(text.lstrip()) + 1 if text else 0
    try:
        ast.parse(source, filename=file)
    except SyntaxError as error:
        if error.lineno == line and error.offset:
            column = error.offset
    except ValueError:  # null bytes, which the message tells of
        pass
    return Flaw(file=file, line=line, column=column, message=message, text=text)


def _bars(root: Path) -> list[DataSlice]:
    """The main series, and one of another asset for strategies that need two."""
    load_demo(root)
    catalogue = Catalogue(root)
    main, other = catalogue.resolve(*_ASSET), catalogue.resolve(*_OTHER)
    return [
        DataSlice(dataset=one, directory=str(catalogue.directory(one.id)), first_row=0, stop_row=rows)
        for one, rows in ((main, main.rows), (other, _OTHER_ROWS))
    ]


async def _tried(
    executor: Executor, info: StrategyInfo, source: StrategySource, data: list[DataSlice], root: Path
) -> Checked:
    parameters = {one.name: one.default for one in info.parameters}
    ran = await _run(executor, source, parameters, data[:1], root)
    if ran.failure is not None and _LACKS_ASSET in ran.failure:
        ran = await _run(executor, source, parameters, data, root)
        told = [text for text in ran.warnings if not text.startswith(_OTHER[0])]  # that the bars of both differ
        ran = msgspec.structs.replace(ran, warnings=[*told, "it asks for a second asset: give it two series"])
    return Checked(
        name=info.name,
        version=info.version,
        description=info.description,
        compilable=info.compilable,
        reason=info.reason,
        parameters=parameters,
        ran=ran,
    )


async def _run(
    executor: Executor,
    source: StrategySource,
    parameters: dict[str, ParamValue],
    data: list[DataSlice],
    root: Path,
) -> Ran:
    result_dir = Path(tempfile.mkdtemp(prefix="result-", dir=root))
    task = BacktestTask(
        run_key=f"check-{source.name}",
        attempt=1,
        strategy=source,
        data=data,
        settings=EngineSettings(
            initial_cash=10_000, commission=Commission(model="rate", value=0.001), account=Account()
        ),
        start_ms=0,
        end_ms=time.time_ns() // 1_000_000,
        identity={},
        parameters=parameters,
        result_dir=str(result_dir),
        settings_sent={},
        started_ms=time.time_ns() // 1_000_000,
    )
    match await executor.start(task, timeout_s=_RUN_TIMEOUT_S).outcome():
        case BacktestDone():
            result = msgspec.json.decode((result_dir / "result.json").read_bytes(), type=BacktestResult)
            return Ran(
                bars=result.total_bars,
                fills=result.metrics.total_fills,
                net_profit=result.metrics.net_profit,
                duration_ms=result.duration_ms,
                warnings=result.warnings,
            )
        case TaskFailed(message=message, stack_trace=trace):
            return Ran(failure=message, stack_trace=trace)
        case other:
            raise AssertionError(f"a backtest answered {other!r}")
