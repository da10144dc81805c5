"""The executors that the contract is tried on."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.execution.port import Executor
from tests.contracts.executing import local


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[local])
async def executor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Executor]:
    """One that the tests of a module share, as the runs of a server do."""
    async with request.param(tmp_path_factory.mktemp("home")) as opened:
        yield opened
