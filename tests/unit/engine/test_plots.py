"""What strategies plot: read after every bar, told as events and kept in a file, in both forms alike."""

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from server.engine.backtest import run_backtest
from server.engine.compile.check import why_not_compilable
from server.engine.events import Event, Recorder
from server.engine.plot_file import PlotFile, plot_file
from server.engine.series import Series
from server.strategies import Plots, Strategy
from server.strategies.errors import StrategyError
from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.bollinger_breakout import BollingerBreakout
from server.strategies.shipped.donchian_breakout import DonchianBreakout
from server.strategies.shipped.macd_crossover import MacdCrossover
from server.strategies.shipped.pair_spread import PairSpread
from server.strategies.shipped.rsi_reversion import RsiReversion
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.forms import told_in_both_forms, workshop
from tests.stages import STOCK
from tests.trading import COIN, HOUR_MS, Counter, run, settings, walk
from tests.written import bars_of_code, written

if TYPE_CHECKING:
    from server.engine.plotting import PlotRows

BARS: Final = walk(60, start=2_000, step=30)
SERIES: Final = [Series(BARS, 0, 60, COIN, HOUR_MS)]
TICK: Final = 100


class Kept:
    """A PlotSink that keeps everything in memory."""

    def __init__(self) -> None:
        self.names: Sequence[str] = ()
        self.blocks: list[PlotRows] = []

    def begin(self, names: Sequence[str]) -> None:
        """What the columns are called."""
        assert not self.names
        self.names = names

    def accept(self, rows: "PlotRows") -> None:
        """Keeps a block."""
        self.blocks.append(rows)

    def column(self, name: str) -> list[float]:
        """One plot over all bars."""
        values: list[float] = np.concatenate(self.blocks)[:, self.names.index(name)].tolist()
        return values


def kept(
    strategy: type[Strategy], series: Sequence[Series] = SERIES, *, fails: bool = False, compiled: bool = True
) -> Kept:
    """What a run keeps, after both forms have kept the same."""
    sinks = [Kept(), Kept()]
    modes = []
    for sink, compiler in zip(sinks, (None, workshop()), strict=True):
        under = settings(cash=1e6, account="margin")
        try:
            result = run_backtest(strategy, {}, series, under, progress=Counter(), compiler=compiler, plots=sink)
            modes.append(result.mode)
        except StrategyError:
            assert fails
    if not fails:
        assert modes == ["interpreted", "compiled" if compiled else "interpreted"]
    interpreted, machine = sinks
    assert interpreted.names == machine.names
    assert np.concatenate(interpreted.blocks).tobytes() == np.concatenate(machine.blocks).tobytes()
    return machine


def indicators(strategy: type[Strategy], series: Sequence[Series] = SERIES) -> list[Event]:
    """The `ind` events of a run, after both forms have told the same."""
    interpreted, compiled = told_in_both_forms(strategy, series, {}, settings(cash=1e6, account="margin"))
    assert not isinstance(compiled.outcome, Exception), compiled.outcome
    assert compiled.outcome.mode == "compiled", compiled.outcome.warnings
    return [event for event in interpreted.events if event.type == "ind"]


def averages(n: int) -> list[float]:
    """The averages of the closes in quote currency, from the first on."""
    closes = BARS[4]
    return [int(closes[k + 1 - n : k + 1].sum()) / n / TICK for k in range(n - 1, 60)]


def test_an_indicator_is_plotted_in_quote_currency_from_when_it_is_ready() -> None:
    plots = kept(SmaCrossover)
    assert plots.names == ["fast", "slow"]
    fast, slow = plots.column("fast"), plots.column("slow")
    assert (len(fast), len(slow)) == (60, 60)
    assert np.isnan([*fast[:9], *slow[:29]]).all()
    assert fast[9:] == pytest.approx(averages(10))
    assert slow[29:] == pytest.approx(averages(30))


def test_an_indicator_tells_its_values_after_each_bar() -> None:
    events = indicators(SmaCrossover)
    assert len(events) == 51 + 31
    last = events[-1]
    assert (last.ts, last.type, last.src) == (int(BARS[0, 59]), "ind", "strategy")
    assert last.d == {
        "assetName": "COIN",
        "indicatorName": "slow",
        "values": {"value": pytest.approx(averages(30)[-1])},
    }
    recorder = Recorder()
    run(SmaCrossover, BARS, listeners=[recorder])
    of_bar = [event.type for event in recorder.events if event.ts == last.ts and event.type != "run.end"]
    assert of_bar[-3:] == ["bar", "ind", "ind"]


@pytest.mark.parametrize(
    ("strategy", "names"),
    [
        (AtrTrend, ["trend", "atr"]),
        (BollingerBreakout, ["bollinger.lower", "bollinger.middle", "bollinger.upper"]),
        (DonchianBreakout, ["entry.upper", "exit.lower"]),
        (MacdCrossover, ["macd.line", "macd.signal", "macd.histogram"]),
        (RsiReversion, ["rsi"]),
    ],
)
def test_a_shipped_strategy_plots_what_it_looks_at(strategy: type[Strategy], names: list[str]) -> None:
    plots = kept(strategy)
    assert plots.names == names
    assert all(np.isfinite(plots.column(name)[-1]) for name in names)
    told = {(event.d["indicatorName"], *event.d["values"]) for event in indicators(strategy)}
    assert told == {
        (indicator, *(line.partition(".")[2] or "value" for line in names if line.partition(".")[0] == indicator))
        for indicator in {name.partition(".")[0] for name in names}
    }


def test_what_is_no_price_is_plotted_as_it_is() -> None:
    assert 0.0 <= kept(RsiReversion).column("rsi")[-1] <= 100.0


def test_numbers_and_properties_of_a_strategy_are_plotted_from_the_first_bar_on(tmp_path: Path) -> None:
    text = """
    class Probe(Strategy):
        plots = {"last_close": "quote", "doubled": "raw", "position": "raw", "up": "raw"}

        def init(self):
            self.last_close = 0
            self.up = False

        def on_bar(self, bar):
            self.up = bar.close > self.last_close
            self.last_close = bar.close
            if bar.i == 3:
                self.buy(1)

        @property
        def doubled(self):
            return self.last_close * 2
    """
    plots = kept(written(tmp_path, text))
    closes = BARS[4]
    assert plots.names == ["lastClose", "doubled", "position", "up"]
    assert plots.column("lastClose") == (closes / TICK).tolist()
    assert plots.column("doubled") == (closes * 2.0).tolist()
    assert plots.column("position") == [0.0] * 4 + [1.0] * 56
    assert plots.column("up")[1:] == (closes[1:] > closes[:-1]).astype(float).tolist()


def test_a_line_of_an_indicator_within_another_is_named_by_its_way(tmp_path: Path) -> None:
    text = bars_of_code("self.macd.update(bar.close)", init="self.macd = Macd(2, 3, 2)", before="")
    strategy = written(tmp_path, text)
    strategy.plots = {"macd.slow": "quote", "macd.line": "raw"}
    assert kept(strategy).names == ["macd.slow", "macd.line"]
    assert {event.d["indicatorName"] for event in indicators(strategy)} == {"macd.slow", "macd"}


def test_a_number_that_is_not_finite_is_no_event(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.x = math.inf if bar.i % 2 == 0 else 1.5", init="self.x = 0.0"))
    strategy.plots = {"x": "raw"}
    assert [event.ts for event in indicators(strategy)] == BARS[0, 1::2].tolist()
    assert kept(strategy).column("x") == [math.inf, 1.5] * 30


def test_what_does_not_compile_plots_numbers_and_leaves_out_what_is_none(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.x = bar.i if bar.i > 9 else None", init="self.x = None"))
    strategy.plots = {"x": "raw"}
    column = kept(strategy, compiled=False).column("x")
    assert np.isnan(column[:10]).all()
    assert column[10:] == list(range(10, 60))


def test_several_series_are_read_once_all_bars_of_the_instant_are_known(tmp_path: Path) -> None:
    second = walk(60, start=900)
    lines = ("if bar.feed == 1:", "    self.other = bar.close")
    strategy = written(tmp_path, bars_of_code(*lines, init="self.other = 0"))
    strategy.plots = {"other": "raw"}
    both = [*SERIES, Series(second, 0, 60, STOCK, HOUR_MS)]
    assert kept(strategy, both).column("other") == second[4].tolist()
    assert [event.d["values"]["value"] for event in indicators(strategy, both)] == second[4].tolist()


def test_shorter_bars_after_the_main_one_do_not_change_what_was_read(tmp_path: Path) -> None:
    minutes = walk(60 * 4, start=900)
    minutes[0] = BARS[0, 0] + np.arange(60 * 4) * (HOUR_MS // 4)
    strategy = written(tmp_path, bars_of_code("if bar.feed == 1:", "    self.other = bar.close", init="self.other = 0"))
    strategy.plots = {"other": "raw"}
    both = [*SERIES, Series(minutes, 0, 60 * 4, STOCK, HOUR_MS // 4)]
    assert kept(strategy, both).column("other") == minutes[4, 3::4].tolist()


def test_a_pair_is_plotted(tmp_path: Path) -> None:
    both = [*SERIES, Series(walk(60, start=900), 0, 60, STOCK, HOUR_MS)]
    assert kept(PairSpread, both).names == ["spread.lower", "spread.middle", "spread.upper"]


def test_a_run_that_machine_code_gives_up_keeps_every_row_once(tmp_path: Path) -> None:
    bars = walk(20_000, start=2_000)
    lines = ("self.x += 1", "if bar.i == 19000:", "    self.x = 2**62", "    self.y = self.x + self.x")
    strategy = written(tmp_path, bars_of_code(*lines, init="self.x = 0\nself.y = 0"))
    strategy.plots = {"x": "raw"}
    plots = kept(strategy, [Series(bars, 0, 20_000, COIN, HOUR_MS)], compiled=False)
    assert plots.column("x")[:19_000] == [float(k + 1) for k in range(19_000)]
    assert len(plots.column("x")) == 20_000


def test_long_runs_are_kept_block_by_block(tmp_path: Path) -> None:
    bars = walk(100_000, start=2_000)
    strategy = written(tmp_path, bars_of_code("self.x = bar.i", init="self.x = 0"))
    strategy.plots = {"x": "raw"}
    assert kept(strategy, [Series(bars, 0, 100_000, COIN, HOUR_MS)]).column("x") == list(range(100_000))


def test_a_failed_run_tells_of_the_bars_before(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.x = 10 // (7 - bar.i)", init="self.x = 0"))
    strategy.plots = {"x": "raw"}
    interpreted, _ = told_in_both_forms(strategy, SERIES, {}, settings())
    assert [event.d["values"]["value"] for event in interpreted.events if event.type == "ind"] == [1, 1, 2, 2, 3, 5, 10]


def test_a_trial_reads_no_plots() -> None:
    class Broken(SmaCrossover):
        plots: Plots = {"nothing": "raw"}  # type: ignore[misc]  # as users write it

    run(Broken, BARS)


@pytest.mark.parametrize(
    ("plots", "reason"),
    [
        ({"slwo": "quote"}, "plots: 'slwo': SmaCrossover has no number or indicator slwo"),
        ({"fast.upper": "quote"}, "plots: 'fast.upper': Sma has no number or indicator upper"),
        ({"fast.update": "quote"}, "plots: 'fast.update': Sma has no number or indicator update"),
        ({"fast.ring": "raw"}, "plots: 'fast.ring': Sma has no number or indicator ring"),
        ({"quantity.x": "raw"}, "plots: 'quantity.x': quantity is no indicator"),
        ({"fast": "ticks"}, "plots: 'fast': 'ticks' is no name in ASCII with 'quote' or 'raw'"),
        (["fast"], "plots: a dict of names with 'quote' or 'raw'"),
        ({"fast": "quote", "fast.value": "raw"}, "plots: a number is named twice"),
    ],
)
def test_a_plot_of_what_is_not_there_fails_the_run_and_says_so(plots: object, reason: str) -> None:
    broken = type("SmaCrossover", (SmaCrossover,), {"plots": plots})
    with pytest.raises(StrategyError) as failure:
        run(broken, BARS, listeners=[Recorder()])
    assert failure.value.message == f"DeclarationError: {reason}"


def test_a_plot_that_cannot_be_read_is_told_before_a_run(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.buy(1)", init="self.memory = window(3)"))
    for path, told in (("nothing", "Probe has no number or indicator nothing"), ("memory", "has no number")):
        strategy.plots = {path: "raw"}
        assert told in str(why_not_compilable(strategy))


def test_a_property_that_does_not_compile_is_read_by_the_interpreter(tmp_path: Path) -> None:
    methods = "@property\ndef told(self):\n    return sum([1, 2])"
    strategy = written(tmp_path, bars_of_code("self.buy(1)", methods=methods))
    strategy.plots = {"told": "raw"}
    assert kept(strategy, compiled=False).column("told") == [3.0] * 60
    assert run(strategy, BARS, compiler=workshop()).mode == "compiled"


def test_an_indicator_of_ones_own_says_which_lines_it_has(tmp_path: Path) -> None:
    text = """
    class Range(Indicator):
        lines = ("top", "bottom")

        def __init__(self):
            self.top = 0
            self.bottom = 0

        def update(self, high, low):
            self.top = high
            self.bottom = low


    class Probe(Strategy):
        plots = {"range": "quote"}

        def init(self):
            self.range = Range()

        def on_bar(self, bar):
            self.range.update(bar.high, bar.low)
    """
    plots = kept(written(tmp_path, text))
    assert plots.column("range.top") == (BARS[2] / TICK).tolist()
    assert plots.column("range.bottom") == (BARS[3] / TICK).tolist()


def test_a_file_of_plots_has_a_column_for_each(tmp_path: Path) -> None:
    with plot_file(tmp_path / "plots.npy", tmp_path / "scratch") as sink:
        sink.begin(["fast", "bollinger.upper"])
        sink.accept(np.array([[1.0, 2.0]]))
        sink.accept(np.full((12_345, 2), [3.0, np.nan]))
        assert not (tmp_path / "plots.npy").exists()
    table = np.load(tmp_path / "plots.npy")
    assert table.dtype.names == ("fast", "bollinger.upper")
    assert table["fast"].tolist() == [1.0, *[3.0] * 12_345]
    assert [path.name for path in tmp_path.iterdir()] == ["plots.npy"]


def test_a_file_of_nothing_and_one_of_a_failure_are_not_kept(tmp_path: Path) -> None:
    def fail() -> None:
        with plot_file(tmp_path / "plots.npy", tmp_path / "scratch") as sink:
            sink.begin(["x"])
            raise StrategyError("no", "")

    with plot_file(tmp_path / "plots.npy", tmp_path / "scratch"):
        pass
    with pytest.raises(StrategyError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [0, 9, 10, 1_000_000_007, 10**15])
def test_the_header_has_room_for_any_number_of_rows(rows: int) -> None:
    file = io.BytesIO()
    kept = PlotFile(file)
    kept.begin(["x"])
    before = file.tell()
    kept._rows = rows
    file.seek(0)
    kept._write_header()
    assert file.tell() == before
