"""What a strategy is written with, found by and frozen into."""

from server.strategies.declaration import param
from server.strategies.desk import DAY, GTC, IOC
from server.strategies.indicators import (
    Adx,
    Atr,
    Bollinger,
    Donchian,
    Ema,
    FloatSma,
    Indicator,
    Macd,
    RollingMax,
    RollingMin,
    Rsi,
    Sma,
    Stochastic,
    Vwap,
    Wma,
    ZigZag,
)
from server.strategies.plots import Plots
from server.strategies.strategy import Strategy
from server.strategies.types import Bar, Fill, Open
from server.strategies.window import Window, int_window, window

__all__ = [
    "DAY",
    "GTC",
    "IOC",
    "Adx",
    "Atr",
    "Bar",
    "Bollinger",
    "Donchian",
    "Ema",
    "Fill",
    "FloatSma",
    "Indicator",
    "Macd",
    "Open",
    "Plots",
    "RollingMax",
    "RollingMin",
    "Rsi",
    "Sma",
    "Stochastic",
    "Strategy",
    "Vwap",
    "Window",
    "Wma",
    "ZigZag",
    "int_window",
    "param",
    "window",
]
