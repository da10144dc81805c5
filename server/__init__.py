"""AlgoTradeForge: runs backtests and optimizations in the background and shows them live."""

__version__ = "0.1.0"
