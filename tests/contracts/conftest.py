"""The executors that the contract is tried on."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from server.execution.port import Executor
from tests.contracts.executing import GRACE_S, MEMORY_LIMIT_BYTES, SLOTS, MakeExecutor, local, on_cluster
from tests.dask_cluster import DaskCluster, dask_cluster
from tests.forms import workshop as compiler

if TYPE_CHECKING:
    from tests.conftest import Workshop


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers that all tests share; what is killed of it starts anew."""
    compiler()  # or the first runs find no compiler yet
    limits = {"FORGE_CANCEL_GRACE": str(GRACE_S), "FORGE_WORKER_MEMORY_MB": str(MEMORY_LIMIT_BYTES >> 20)}
    with dask_cluster(tmp_path_factory.mktemp("cluster"), workers=SLOTS, **limits) as running:
        yield running


@pytest.fixture(scope="session", params=["local", "dask"])
def make_executor(request: pytest.FixtureRequest) -> MakeExecutor:
    """How an executor is opened over a home."""
    return local if request.param == "local" else on_cluster(request.getfixturevalue("cluster"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def executor(make_executor: MakeExecutor, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Executor]:
    """One that the tests of a module share, as the runs of a server do."""
    async with make_executor(tmp_path_factory.mktemp("home")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _gates_opened(workshop: "Workshop") -> Iterator[None]:
    """A test that fails leaves no worker at a gate for the next ones to wait for."""
    yield
    for gate in workshop.root.glob("gate-*"):
        (gate / "open").touch()
