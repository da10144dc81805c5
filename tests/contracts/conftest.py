"""The executors that the contract is tried on."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from server.execution.port import Executor
from tests.contracts.executing import local

if TYPE_CHECKING:
    from tests.conftest import Workshop


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=[local])
async def executor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Executor]:
    """One that the tests of a module share, as the runs of a server do."""
    async with request.param(tmp_path_factory.mktemp("home")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _gates_opened(workshop: "Workshop") -> Iterator[None]:
    """A test that fails leaves no worker at a gate for the next ones to wait for."""
    yield
    for gate in workshop.root.glob("gate-*"):
        (gate / "open").touch()
