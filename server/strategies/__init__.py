"""What a strategy is written with, found by and frozen into."""

from server.strategies.declaration import param
from server.strategies.desk import DAY, GTC, IOC
from server.strategies.indicators import Ema, Indicator, Sma
from server.strategies.strategy import Strategy
from server.strategies.types import Bar, Fill, Open
from server.strategies.window import Window, int_window, window

__all__ = [
    "DAY",
    "GTC",
    "IOC",
    "Bar",
    "Ema",
    "Fill",
    "Indicator",
    "Open",
    "Sma",
    "Strategy",
    "Window",
    "int_window",
    "param",
    "window",
]
