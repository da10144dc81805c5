"""Streaming indicators, and what users write their own with."""

from server.strategies.indicators.ema import Ema
from server.strategies.indicators.indicator import Indicator
from server.strategies.indicators.sma import FloatSma, Sma

__all__ = ["Ema", "FloatSma", "Indicator", "Sma"]
