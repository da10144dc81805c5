"""Hubs that are open for the whole test."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.hub_house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """One that never looks again by itself within a test."""
    it = House(refresh_s=1000)
    async with asyncio.timeout(10), it.hub.running():
        yield it


@pytest.fixture
async def watchful() -> AsyncIterator[House]:
    """One that looks again after 40 ms without news."""
    it = House(refresh_s=0.04)
    async with asyncio.timeout(10), it.hub.running():
        yield it
