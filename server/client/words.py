"""Numbers, spans of time and progress in words."""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET

from server.contract.base import ParamValue, plain
from server.contract.requests import Axis, DataSubscription
from server.contract.run import Leader, RunSnapshot

_NONE: Final = "–"
_PHASES: Final = {
    "queued": "waiting for a worker",
    "starting": "starting",
    "compiling": "compiling",
    "simulating": "simulating",
    "evaluating": "evaluating",
    "saving": "saving",
}


def amount(value: float | None, unit: str = "") -> str:
    """`12,345.68`; a dash for what is undefined. Small values keep three figures."""
    if value is None:
        return _NONE
    digits = 2 if abs(value) >= 1 or value == 0 else 4
    return f"{value:,.{digits}f}{unit}"


def share(done: int, total: int) -> str:
    """`37%`, never 100 before the end; a dash when nothing is known."""
    if total <= 0:
        return _NONE
    return f"{min(100, done * 100 // total)}%"


def span(seconds: float) -> str:
    """`0.4 s`, `12 s`, `2:05` or `1:02:05`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def took(seconds: float) -> str:
    """How long something took: `12 ms` below a second, then as `span`."""
    if seconds < 0.001:
        return "less than 1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else span(seconds)


def waiting(place: int | None) -> str:
    """`, place 3 in the queue`; nothing for the first, which starts at once when a worker is free."""
    return "" if place is None or place <= 1 else f", place {place:,} in the queue"


def per_second(rate: float) -> str:
    """`1.2 M/s`, `530 k/s`, `12/s`, `0.4/s`."""
    for bound, divisor, unit in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if rate >= bound:
            return f"{rate / divisor:.3g} {unit}/s"
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def several(number: int, what: str) -> str:
    """`1 combination`, `1,200 combinations`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def size(count: int) -> str:
    """`1.2 GB`, `3.4 MB`, `12.5 KB`, `800 bytes`."""
    for bound, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= bound:
            return f"{count / bound:,.1f} {unit}"
    return several(count, "byte")


def shortened(text: str, width: int) -> str:
    """`text` in one line of at most `width` characters, with … for what does not fit."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: max(0, width - 1)]}…"


def settings(values: Mapping[str, ParamValue]) -> str:
    """`fastPeriod=5 slowPeriod=20`."""
    return " ".join(f"{name}={plain(value)}" for name, value in values.items()) or "no parameters"


def axes(found: Mapping[str, Axis]) -> str:
    """`fastPeriod=5:50:5 slowPeriod=20,50 mode=long`, as `-x` takes them."""
    return " ".join(f"{name}={_axis(one)}" for name, one in found.items())


def _axis(one: Axis) -> str:
    if one.fixed is not UNSET:
        return plain(one.fixed)
    if one.values is not UNSET:
        return ",".join(str(value) if isinstance(value, DataSubscription) else plain(value) for value in one.values)
    return ":".join(plain(bound) for bound in (one.min, one.max, one.step) if bound is not UNSET)


def minute(instant: str) -> str:
    """`2024-01-31 12:00` of an instant of the contract; in UTC, as it is there."""
    return f"{instant[:10]} {instant[11:16]}"


def leader(best: Leader, space: Mapping[str, Axis]) -> str:
    """`best 1.32 (fastPeriod=5 slowPeriod=20)`: what is the same in all trials is left out."""
    searched = {name: value for name, value in best.parameters.items() if name in space and space[name].fixed is UNSET}
    return f"best {amount(best.value)} ({settings(searched)})"


def done(snapshot: RunSnapshot) -> int:
    """How much of the total is behind the run."""
    state = snapshot.state
    return state.processed + state.failed + state.skipped


def heading(snapshot: RunSnapshot) -> str:
    """`Running, simulating`."""
    state = snapshot.state
    if state.cancel_requested and not state.final:
        return f"{state.status}, stopping"
    phase = _PHASES.get(state.phase or "")
    return f"{state.status}, {phase}" if phase and not state.final else state.status


def progress(snapshot: RunSnapshot) -> str:
    """`Processed 1,200 / 8,760 Bars (13%), 1.2 M/s, 0.4 s left`, with failures and the best of an optimization."""
    state, count = snapshot.state, done(snapshot)
    unit = "Bars" if snapshot.run.unit == "bars" else "Combinations"
    parts = [f"Processed {count:,} / {state.total:,} {unit} ({share(count, state.total)})"]
    if state.failed:
        parts.append(f"{state.failed:,} failed")
    if not state.final and state.rate_per_second:
        parts.append(per_second(state.rate_per_second))
    if not state.final and state.eta_seconds is not None:
        parts.append(f"{span(state.eta_seconds)} left")
    if state.best is not UNSET and state.best is not None:
        parts.append(leader(state.best, {} if snapshot.run.axes is UNSET else snapshot.run.axes))
    return ", ".join(parts)


def run_name(snapshot: RunSnapshot) -> str:
    """`SmaCrossover 5f0c1a2b`: enough of a run to tell it from those beside it."""
    return f"{snapshot.run.strategy_name} {snapshot.run_key.rpartition('_')[2][:8]}"
