"""Lists as they are sent, page by page."""

from server.contract.base import Model
from server.contract.catalogue import DatasetInfo, StrategyInfo
from server.contract.downloads import Download
from server.contract.results import Order, RoundTrip, Trial
from server.contract.status import BacktestItem, OptimizationItem


class Page(Model, frozen=True, kw_only=True):
    """`next_cursor` asks for the following page, None on the last; `total_count` counts all pages."""

    next_cursor: str | None
    total_count: int


class BacktestPage(Page, frozen=True, kw_only=True):
    """Backtests in order."""

    items: list[BacktestItem]


class OptimizationPage(Page, frozen=True, kw_only=True):
    """Optimizations in order."""

    items: list[OptimizationItem]


class TradePage(Page, frozen=True, kw_only=True):
    """Round trips in order of entry, of attempt `result_attempt`."""

    items: list[RoundTrip]
    result_attempt: int


class OrderPage(Page, frozen=True, kw_only=True):
    """Orders in order of submission with their fills, of attempt `result_attempt`."""

    items: list[Order]
    result_attempt: int


class TrialPage(Page, frozen=True, kw_only=True):
    """Trials in the order asked for, of attempt `result_attempt`."""

    items: list[Trial]
    result_attempt: int


class StrategyPage(Page, frozen=True, kw_only=True):
    """Every strategy, those whose file does not load last; always one page."""

    items: list[StrategyInfo]


class DatasetPage(Page, frozen=True, kw_only=True):
    """Every version of every data set; always one page."""

    items: list[DatasetInfo]


class DownloadPage(Page, frozen=True, kw_only=True):
    """Every download that is kept; always one page."""

    items: list[Download]
