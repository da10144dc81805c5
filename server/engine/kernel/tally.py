"""Sums over the bars of a run from which its metrics follow, kept bar by bar in the order of time."""

from dataclasses import dataclass


@dataclass(slots=True)
class TallyRecord:
    """Equity in money units; that of the bar before is `previous`, and `base` as a float.

    `returns`, `squares`, `shortfalls`: sums of the bars' simple returns, of their squares, and of the squares of what
    lies below `risk_free` a bar; `total` of the equities. Of bars in a row that hold nothing and change nothing (a
    `spell`) the sums take no notice until it ends; `idle` counts all their bars. `ruined` is 1 once a bar ended without
    equity. `peak` counts from the initial cash; a fall below it begins at bar `fall_start` (-1: none) and reached
    `fall_low`. The deepest falls so far: `deepest` in money units (≥ 0), `deepest_share` of the peak (≤ 0) with
    `deepest_bars`.
    """

    previous: int
    base: float
    peak: int
    risk_free: float
    ruined: int = 0
    bars: int = 0
    spell: int = 0
    idle: int = 0
    fall_start: int = -1
    fall_low: int = 0
    deepest: int = 0
    deepest_bars: int = 0
    deepest_share: float = 0.0
    returns: float = 0.0
    squares: float = 0.0
    shortfalls: float = 0.0
    total: float = 0.0


def end_fall(tally: TallyRecord, bar: int) -> None:
    """Ends a fall below the peak before `bar`: keeps it where it is the deepest."""
    depth = tally.peak - tally.fall_low
    if tally.fall_low <= 0:
        tally.ruined = 1
    share = -float(depth) / float(tally.peak)
    if depth > tally.deepest:
        tally.deepest = depth
    if share < tally.deepest_share:
        tally.deepest_share = share
        tally.deepest_bars = bar - tally.fall_start
    tally.fall_start = -1


def end_spell(tally: TallyRecord) -> None:
    """Adds the bars of the spell until now to the sums."""
    tally.total += float(tally.spell) * tally.base
    tally.idle += tally.spell
    tally.spell = 0


def count_bar(tally: TallyRecord, bar: int, equity: int, held: bool) -> None:
    """Adds one bar's equity at its close, where something may be `held`; its return is over the equity before."""
    previous = tally.previous
    if equity == previous and not held:
        tally.spell += 1
        return
    if tally.spell > 0:
        end_spell(tally)
    if previous > 0:
        gain = float(equity - previous) / tally.base
        tally.returns += gain
        tally.squares += gain * gain
        short = gain - tally.risk_free
        if short > 0:
            short = 0.0  # and not a jump past the sum: which way it goes is anybody's guess
        tally.shortfalls += short * short
    tally.previous = equity
    tally.base = float(equity)
    tally.total += tally.base
    if equity >= tally.peak:
        if tally.fall_start >= 0:
            end_fall(tally, bar)
        tally.peak = equity
    elif tally.fall_start < 0:
        tally.fall_start = bar
        tally.fall_low = equity
    elif equity < tally.fall_low:
        tally.fall_low = equity
