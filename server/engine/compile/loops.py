"""The text of the bar loops, made for what a strategy uses."""

from typing import Final, NamedTuple

from server.engine.kernel.records import MAX_NOTES


class Uses(NamedTuple):
    """What a loop has to do besides `on_bar`: handlers by the names of their functions, "" for none."""

    on_bar: str
    on_open: str
    on_fill: str
    time: bool
    flows: bool
    several: bool


_ARGUMENTS: Final = (
    "times, opens, highs, lows, closes, volumes, states, floats__, ints__, accounts, assets, orders, terms, journal, "
    "tallies, curve, flows, cursors, closing, start, stop"
)
_CONTEXT: Final = "state__, book__, floats__, ints__"


def loop_text(uses: Uses) -> str:
    """The function `run`: plays the rows `[start, stop)`, or fewer; returns the row after the last one played.

    It stops early where the journal needs to be emptied, and where `account.failure` says that the run failed: before
    the bar that failed.
    """
    return _several(uses) if uses.several else _single(uses)


def _single(uses: Uses) -> str:
    wakes = "low <= asset.wake_low or high >= asset.wake_high" + " or time >= asset.wake_time" * uses.time
    lines = [
        "@compiled__",
        f"def run({_ARGUMENTS}):",
        "    book__ = Book__(accounts[0], assets, orders, terms[0], journal)",
        "    account = book__.account",
        "    asset = book__.assets[0]",
        "    state__ = stack_copy__(states[0])",
        "    tally = stack_copy__(tallies[0])",
        "    scale = float(book__.terms.scale)",
        "    keeping = len(curve) > 0",
        f"    room = len(journal) - {2 * MAX_NOTES}",
        "    last = len(closes) - 1",
        "    row = start",
        "    while row < stop:",
        "        time = times[row]",
        "        open_ = opens[row]",
        "        high = highs[row]",
        "        low = lows[row]",
        "        close = closes[row]",
        "        account.bar = row",
    ]
    if uses.flows:
        lines += [
            "        while cursors[0] < len(flows) and flows[cursors[0]].ts <= time:",
            "            flow = flows[cursors[0]]",
            "            cursors[0] += 1",
            "            pay__(book__, 0, flow.kind, flow.amount)",
            "            if account.failure != 0:",
            "                break",
        ]
    if uses.on_open:
        lines += [
            "        asset.last = open_",
            f"        {uses.on_open}({_CONTEXT}, Open__(row, 0, time, open_))",
        ]
    lines += [
        f"        if {wakes}:",
        "            asset.last = open_",
        "            while match__(book__, 0, time, open_, high, low):",
        "                asset.last = asset.reached",
    ]
    if uses.on_fill:
        lines += [f"                {uses.on_fill}({_CONTEXT}, last_fill__(book__))"]
    lines += [
        "            if account.failure != 0:",
        "                break",
        "        asset.last = close",
    ]
    if uses.on_bar:
        bar = "Bar__(row, 0, time, open_, high, low, close, volumes[row], 0)"
        lines += [f"        {uses.on_bar}({_CONTEXT}, {bar})"]
    lines += [
        "        if account.failure != 0:",
        "            break",
        "        if closing and row == last:",
        "            flatten__(book__)",
        "        equity = account.cash + asset.position * (close * asset.tick_lot)",
        "        count_bar__(tally, row, equity, asset.position != 0)",
        "        if keeping:",
        "            curve[row].equity = equity / scale",
        "            curve[row].drawdown = (equity / scale / (tally.peak / scale) - 1.0) * 100.0",
        "            curve[row].ts = time",
        "        row += 1",
        "        if account.note_rows > room:",
        "            break",
        "    copy_back__(states[0], state__)",
        "    copy_back__(tallies[0], tally)",
        "    return row",
    ]
    return "\n".join(lines)


def _several(uses: Uses) -> str:
    raise NotImplementedError
