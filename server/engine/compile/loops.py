"""The text of the bar loops, made for what a strategy uses."""

from collections.abc import Sequence
from typing import Final, NamedTuple


class Uses(NamedTuple):
    """What a loop has to do besides `on_bar`: handlers by the names of their functions, "" for none."""

    on_bar: str
    on_open: str
    on_fill: str
    time: bool
    flows: bool
    several: bool


_BARS: Final = "times, opens, highs, lows, closes, volumes"
_MERGED: Final = "assets_of, feeds, numbers, matched, starts, instants, main_times"
_ENDING: Final = "curve, dues, cursors, closing"
_REST: Final = f"states, floats__, ints__, accounts, assets, orders, terms, journal, tallies, {_ENDING}, start, stop"
_CONTEXT: Final = "state__, book__, floats__, ints__"
_HEAD: Final = (
    "    book__ = Book__(accounts[0], assets[0], orders[0], terms[0], journal[0])",
    "    account = book__.account",
    "    state__ = stack_copy__(states[0])",
    "    tally = tallies[0]",
    "    keeping = len(curve) > 0",
)


class _Reading(NamedTuple):
    """How a loop over one series reads a bar: its parameters, what it reads of every bar, and its prices.

    `watch`: what holds where prices may do something within a bar.
    """

    bars: str
    always: tuple[str, ...]
    open: str
    high: str
    low: str
    close: str
    watch: str


_COLUMNS: Final = _Reading(
    _BARS,
    # what is read of every bar is fetched ahead, where a fill would have to wait for it
    ("open_ = opens[column]", "high = highs[column]", "low = lows[column]", "close = closes[column]"),
    *("open_", "high", "low", "close"),
    watch="",
)
_CANDLES: Final = _Reading(
    f"candles, {_BARS}",
    ("candle = candles[column]", "close = candle.close"),
    *("candle.open", "candle.high", "candle.low", "close"),
    watch="account.watch != 0 and ",
)
"""The prices of a bar side by side: those that are not looked at are not read, and come with the one that is."""


def loop_text(uses: Uses) -> str:
    """The function `run`: plays the rows `[start, stop)`, or fewer; returns the row after the last one played.

    It stops early where the journal needs to be emptied, and where `account.failure` says that the run failed: before
    the bar that failed.
    """
    return _several(uses) if uses.several else _single(uses, "run", _COLUMNS)


def sweep_text(uses: Uses) -> str:
    """The function `sweep`: plays whole runs, one for each of `states`; returns how many ended.

    One that fails is the last it plays: `cursors[2]` tells which run is under way. Over one series it reads candles.
    """
    bars = f"{_BARS}, {_MERGED}" if uses.several else _CANDLES.bars
    play = "run" if uses.several else "run_candles"
    common = "orders, terms, journal"
    one = "number:number + 1"
    lines = [
        "@compiled__",
        f"def sweep({bars}, states, floats__, ints__, accounts, assets, {common}, tallies, {_ENDING}, rows):",
        "    count = terms[0].asset_count",
        "    for number in range(len(states)):",
        "        cursors[0] = 0",
        "        cursors[1] = 0",
        "        cursors[2] = number",
        "        mine = assets[number * count:(number + 1) * count]",
        f"        run_of = (states[{one}], floats__, ints__, accounts[{one}], mine, {common}, tallies[{one}])",
        f"        row = {play}({bars}, *run_of, {_ENDING}, 0, rows)",
        "        if row < rows or accounts[number].failure != 0:",
        "            return number",
        "    return len(states)",
    ]
    loop = "" if uses.several else f"{_single(uses, play, _CANDLES)}\n\n"
    return loop + "\n".join(lines)


def _single(uses: Uses, name: str, reads: _Reading) -> str:
    """Bars between fills are counted together: what is held does not change over them."""
    late = " or time >= asset.wake_time" * uses.time
    wakes = f"{reads.watch}({reads.low} <= asset.wake_low or {reads.high} >= asset.wake_high{late})"
    time = "time" if uses.time else "0"  # orders look at it when they are to end with a day
    prices = f"{reads.open}, {reads.high}, {reads.low}"
    bar = f"Bar__(row, 0, times[column], {prices}, close, volumes[column], 0)"
    opened = f"{uses.on_open}({_CONTEXT}, Open__(row, 0, times[column], {reads.open}))"
    opening = [f"asset.last = {reads.open}", opened] if uses.on_open else []
    lines = [
        "@compiled__",
        f"def {name}({reads.bars}, {_REST}):",
        *_HEAD,
        "    asset = book__.assets",
        "    prices = first_of__(closes)",
        "    counted = start",
        "    row = start",
        "    while row < stop and account.pause == 0:",
        f"        end = min(row + {_BLOCK}, stop)",
        "        while row < end:",
        "            column = uint64__(row)",  # numba counts a negative index from the end, at a price
        *(["            time = times[column]"] if uses.time else []),
        *_indented(reads.always, 3),
        "            account.bar = row",
        *_indented(_flows(uses, "row"), 2),
        *_indented(opening, 3),
        f"            if {wakes}:",
        *_indented(_COUNT, 4),
        *_indented(_matching(uses, f"book__, 0, {time}, {prices}", reads.open), 3),
        "                if account.failure != 0:",
        "                    break",
        "            asset.last = close",
        *([f"            {uses.on_bar}({_CONTEXT}, {bar})"] if uses.on_bar else []),
        "            if account.pause != 0:",
        "                if account.failure == 0:",
        "                    row += 1",
        "                break",
        "            row += 1",
        "        over = closing and row == len(closes) and account.failure == 0",
        "        row -= over",
        *_indented(_COUNT, 2),
        "        if over:",
        "            flatten__(book__)",
        "            row += 1",
        *_indented(_COUNT, 3),
        "    tally.bars = row",
        "    copy_back__(states[0], state__)",
        "    return row",
    ]
    return "\n".join(lines)


_BLOCK: Final = 4096
"""Bars counted together at most: few enough for their closes to be in the nearest cache still."""
_COUNT: Final = (
    "if keeping:",
    "    draw_bars__(book__, tally, prices, curve, times, counted, row)",
    "count_bars__(book__, tally, prices, counted, row)",
    "counted = row",
)
"""Counts the bars since it was last done; before the account changes."""


def _several(uses: Uses) -> str:
    """Rows by the instants at which they are complete, as `server.engine.loop.play_instant` delivers them."""
    wakes = "lows[k] <= asset.wake_low or highs[k] >= asset.wake_high" + " or times[k] >= asset.wake_time" * uses.time
    bar = "Bar__(numbers[k], assets_of[k], times[k], opens[k], highs[k], lows[k], closes[k], volumes[k], feeds[k])"
    matching = "book__, assets_of[k], times[k], opens[k], highs[k], lows[k]"
    matched = ["            if matched[k] == 0:", "                continue"]
    entered = ["            account.bar = k", "            account.now = max(known, times[k])"]
    lines = [
        "@compiled__",
        f"def run({_BARS}, {_MERGED}, {_REST}):",
        *_HEAD,
        "    row = start",
        "    while row < stop and account.pause == 0:",
        "        first = row",
        "        instant = cursors[1]",
        "        end = starts[instant + 1]",
        "        account.until = instants[instant]",
        "        known = account.now",
    ]
    if uses.flows or uses.on_open:
        lines += ["        for k in range(first, end):", *matched, *entered]
        lines += _indented(_flows(uses, "k"), 2)
        if uses.on_open:
            lines += ["            row__(book__.assets, assets_of[k]).last = opens[k]"]
    if uses.on_open:
        opened = "Open__(numbers[k], assets_of[k], times[k], opens[k])"
        lines += ["        for k in range(first, end):", *matched, *entered]
        lines += [f"            {uses.on_open}({_CONTEXT}, {opened})"]
    lines += [
        "        for k in range(first, end):",
        *matched,
        *entered,
        "            asset = row__(book__.assets, assets_of[k])",
        "            revalue__(book__, assets_of[k], times[k])",
        f"            if account.failure == 0 and ({wakes}):",
        *_indented(_matching(uses, matching, "opens[k]"), 3),
        "            if account.failure == 0:",
        "                asset.last = closes[k]",
        "        if account.failure != 0:",
        "            break",
        "        account.now = instants[instant]",
        "        main = False",
        "        for k in range(first, end):",
        "            account.bar = k",
        "            main = main or feeds[k] == 0",
        *([f"            {uses.on_bar}({_CONTEXT}, {bar})"] if uses.on_bar else []),
        "        if account.failure != 0:",
        "            break",
        "        if closing and end == len(closes):",
        "            flatten__(book__)",
        "        if main:",
        "            equity = equity_of__(book__)",
        "            if keeping:",
        "                draw_bar__(book__, curve, tally.bars, main_times[tally.bars], equity, tally.peak)",
        "            count_bar__(tally, tally.bars, equity, account.holding > 0)",
        "            tally.bars += 1",
        "            account.marked += 1",
        "        cursors[1] += 1",
        "        row = end",
        "    copy_back__(states[0], state__)",
        "    return row",
    ]
    return "\n".join(lines)


def _flows(uses: Uses, row: str) -> list[str]:
    """Books the cash flows that are due before a row; `cursors[0]` counts those that are done."""
    if not uses.flows:
        return []
    return [
        f"    while cursors[0] < len(dues) and dues[cursors[0]].row == {row} and account.failure == 0:",
        *(() if uses.several else _indented(_COUNT, 2)),
        "        due = dues[cursors[0]]",
        "        cursors[0] += 1",
        "        pay__(book__, due.asset, due.kind, due.amount)",
    ]


def _matching(uses: Uses, arguments: str, open_: str) -> list[str]:
    """Fills what a bar fills; a strategy that wants to hear of it does so before the next order."""
    if not uses.on_fill:
        return [f"    match_bar__({arguments})"]
    return [
        f"    asset.last = {open_}",
        f"    while match__({arguments}):",
        "        asset.last = asset.reached",
        f"        {uses.on_fill}({_CONTEXT}, last_fill__(book__))",
    ]


def _indented(lines: Sequence[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]
