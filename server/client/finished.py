"""What a run came to, with its tables within reach."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Final

from server.client import finished_html, words
from server.client.errors import ClientError
from server.client.libraries import Frame, Library
from server.client.moments import Moment
from server.client.synchronous import Forge
from server.contract.results import BacktestResult, Equity, Metrics, OptimizationResult
from server.contract.run import Leader

Opened = Callable[[], AbstractContextManager[Forge]]
"""A client of the run's server, as often as one is needed."""

_PICTURE_POINTS: Final = 300


class _Finished:
    """A run that has completed: `url` is its page, and `opened` makes a client of its server."""

    def __init__(self, run_key: str, url: str, opened: Opened) -> None:
        self.run_key = run_key
        self.url = url
        self._opened = opened

    def save_report(self, path: Path | str) -> Path:
        """Writes the report, one HTML file that opens offline; where it is."""
        with self._opened() as forge:
            text = forge.report(self.run_key)
        file = Path(path)
        file.write_text(text, encoding="utf-8")
        return file


class FinishedBacktest(_Finished):
    """A backtest that has completed. Tables are data frames, see `AsyncFrames`; a notebook shows the figures."""

    def __init__(self, result: BacktestResult, url: str, opened: Opened) -> None:
        super().__init__(result.run_key, url, opened)
        self.result = result

    @property
    def metrics(self) -> Metrics:
        """The figures."""
        return self.result.metrics

    def trades(self, *, sort: str | None = None, library: Library | None = None) -> Frame:
        """All round trips."""
        with self._opened() as forge:
            return forge.frames.trades(self.run_key, sort=sort, library=library)

    def orders(self, *, library: Library | None = None, **filters: Any) -> Frame:
        """All orders, or those of a `status`, `side` or `type`."""
        with self._opened() as forge:
            return forge.frames.orders(self.run_key, library=library, **filters)

    def equity(self, *, points: int | None = None, library: Library | None = None) -> Frame:
        """The equity curve."""
        with self._opened() as forge:
            return forge.frames.equity(self.run_key, points=points, library=library)

    def bars(self, *, from_: Moment | None = None, to: Moment | None = None, library: Library | None = None) -> Frame:
        """The bars, with what the strategy plots."""
        with self._opened() as forge:
            return forge.frames.bars(self.run_key, from_=from_, to=to, library=library)

    def __repr__(self) -> str:
        profit, sharpe = words.amount(self.metrics.net_profit), words.amount(self.metrics.sharpe_ratio)
        trips = words.several(self.metrics.total_trades, "round trip")
        return f"<{self.run_key}: net profit {profit}, Sharpe {sharpe}, {trips}; {self.url}>"

    def _repr_html_(self) -> str:
        return finished_html.backtest(self.result, self.url, self._curve())

    def _curve(self) -> Equity | None:
        """For the picture, which is not worth an error."""
        with suppress(ClientError), self._opened() as forge:
            return forge.equity(self.run_key, points=_PICTURE_POINTS)
        return None


class FinishedOptimization(_Finished):
    """An optimization that has completed; a notebook shows the best trials."""

    def __init__(self, result: OptimizationResult, url: str, opened: Opened) -> None:
        super().__init__(result.run_key, url, opened)
        self.result = result

    @property
    def best(self) -> Leader | None:
        """The best trial: its parameters and its value; None when no trial can be the best."""
        return self.result.best

    @property
    def metrics(self) -> Metrics | None:
        """The figures of the best trial, asked for."""
        if self.best is None:
            return None
        with self._opened() as forge:
            return forge.trial(self.run_key, self.best.trial_key).metrics

    def trials(
        self, *, sort: str | None = None, status: str | None = None, library: Library | None = None, **bounds: float
    ) -> Frame:
        """All trials, best first."""
        with self._opened() as forge:
            return forge.frames.trials(self.run_key, sort=sort, status=status, library=library, **bounds)

    def __repr__(self) -> str:
        best = "no best trial"
        if self.best is not None:
            best = f"best {words.amount(self.best.value)} with {words.settings(self.best.parameters)}"
        return f"<{self.run_key}: {words.several(self.result.completed, 'trial')}, {best}; {self.url}>"

    def _repr_html_(self) -> str:
        return finished_html.optimization(self.result, self.url)
