"""Streaming indicators, and what users write their own with."""

from server.strategies.indicators.adx import Adx
from server.strategies.indicators.atr import Atr
from server.strategies.indicators.bollinger import Bollinger
from server.strategies.indicators.donchian import Donchian
from server.strategies.indicators.ema import Ema
from server.strategies.indicators.indicator import Indicator
from server.strategies.indicators.macd import Macd
from server.strategies.indicators.rolling import RollingMax, RollingMin
from server.strategies.indicators.rsi import Rsi
from server.strategies.indicators.sma import FloatSma, Sma
from server.strategies.indicators.stochastic import Stochastic
from server.strategies.indicators.vwap import Vwap
from server.strategies.indicators.wma import Wma
from server.strategies.indicators.zigzag import ZigZag

__all__ = [
    "Adx",
    "Atr",
    "Bollinger",
    "Donchian",
    "Ema",
    "FloatSma",
    "Indicator",
    "Macd",
    "RollingMax",
    "RollingMin",
    "Rsi",
    "Sma",
    "Stochastic",
    "Vwap",
    "Wma",
    "ZigZag",
]
