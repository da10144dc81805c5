"""Parts of a Dask cluster that die, hang, speak of something else or may not be trusted."""

import asyncio
import ipaddress
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import trustme

from server.execution.cluster import remote_task
from server.execution.cluster.executor import DaskExecutor, Place
from server.execution.cluster.trust import Certificates, ClusterRefused, check_reach, security
from server.execution.local import LocalExecutor
from server.execution.tasks import BacktestDone, TaskFailed, TrialsDone
from server.store.trial_files import read_chunk
from tests.contracts.executing import GRACE_S, QUICK, Gate, ended, joined, until
from tests.dask_cluster import DaskCluster, dask_cluster
from tests.faults.test_processes import children
from tests.forms import workshop as compiler
from tests.waiting import looks

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]
_UNHEARD_S: Final = 1.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """One of two workers whose parts are killed."""
    compiler()  # or the first runs find no compiler yet
    with dask_cluster(tmp_path_factory.mktemp("cluster"), FORGE_CANCEL_GRACE=str(GRACE_S)) as running:
        yield running


@asynccontextmanager
async def owning(
    url: str, home: Path, *, slots: int = 2, certificates: Certificates | None = None
) -> AsyncIterator[DaskExecutor]:
    """The owner's side of a cluster, once it has so many slots."""
    local = LocalExecutor(workers=1, home=home, grace_s=GRACE_S)
    async with DaskExecutor(
        Place(url, None), local=local, security=security(certificates), grace_s=GRACE_S, unheard_s=_UNHEARD_S
    ) as executor:
        await joined(executor, slots)
        yield executor


async def test_what_a_lost_host_did_is_done_by_another(cluster: DaskCluster, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    async with owning(cluster.url, workshop.folder("home")) as executor:
        handle = executor.start(workshop.backtest(gate.strategy, workshop.data(3000)))
        first = await gate.worker()
        os.kill(cluster.host_of(first), signal.SIGKILL)
        async with asyncio.timeout(40):
            async for _ in looks(lambda: None):
                if await gate.worker() != first:
                    break
        assert not alive(first), "what it ran ended with it"
        gate.open()
        assert isinstance(await ended(handle), BacktestDone)
        await joined(executor, 2)


async def test_a_lost_scheduler_is_waited_for_and_the_rest_is_done_when_it_is_back(
    cluster: DaskCluster, workshop: "Workshop"
) -> None:
    gate = Gate(workshop)
    async with owning(cluster.url, workshop.folder("home")) as executor:
        running = executor.start(workshop.backtest(gate.strategy, workshop.data(3000)))
        await gate.worker()
        cluster.kill_scheduler()
        await joined(executor, 0)
        waiting = executor.start(workshop.trials(workshop.strategy(QUICK), workshop.data(500), {"period": [2, 3]}))
        gate.open()
        cluster.start_scheduler()
        async with asyncio.timeout(40):
            assert isinstance(await running.outcome(), BacktestDone)
            assert isinstance(await waiting.outcome(), TrialsDone)
        await joined(executor, 2)


async def test_a_host_that_hangs_is_restarted_when_its_task_is_cancelled(
    cluster: DaskCluster, workshop: "Workshop"
) -> None:
    gate = Gate(workshop)
    async with owning(cluster.url, workshop.folder("home")) as executor:
        handle = executor.start(workshop.backtest(gate.strategy, workshop.data(3000)))
        host = cluster.host_of(await gate.worker())
        os.kill(host, signal.SIGSTOP)
        handle.cancel()
        outcome = await ended(handle)
        assert isinstance(outcome, TaskFailed)
        assert (outcome.cause, "restarted" in outcome.message) == ("cancelled", True)
        async with asyncio.timeout(40):
            async for lives in looks(lambda: alive(host)):
                if not lives:
                    break
        await joined(executor, 2)


async def test_what_an_owner_that_is_gone_had_started_is_ended(cluster: DaskCluster, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    async with owning(cluster.url, workshop.folder("home")) as executor:
        executor.start(workshop.backtest(gate.strategy, workshop.data(3000)))
        worker = await gate.worker()
        await executor._depot.close()  # all that a host sees of an owner
        async with asyncio.timeout(20):
            async for lives in looks(lambda: alive(worker)):
                if not lives:
                    break


async def test_a_server_that_workers_cannot_reach_is_told_so(
    cluster: DaskCluster, workshop: "Workshop", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_task, "_MOST_REFUSALS", 1)  # each takes as long as a connection is tried for
    async with owning(cluster.url, workshop.folder("home")) as executor:
        executor._depot._address = "tcp://127.0.0.1:9"
        handle = executor.start(workshop.backtest(workshop.strategy(QUICK), workshop.data(500)))
        async with asyncio.timeout(60):  # each machine tries it for some seconds
            outcome = await handle.outcome()
        assert isinstance(outcome, TaskFailed)
        assert outcome.cause == "refused"
        assert "does not reach the server at tcp://127.0.0.1:9" in outcome.message
        assert "FORGE_DASK_LISTEN" in outcome.message


async def test_a_worker_of_another_version_is_left_alone(
    tmp_path: Path, workshop: "Workshop", caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dask_cluster(tmp_path, workers=1) as cluster:
        async with owning(cluster.url, workshop.folder("home"), slots=1):
            pass
        monkeypatch.setattr("server.execution.cluster.link.signature", lambda: "algotradeforge 99")
        async with owning(cluster.url, workshop.folder("home"), slots=0) as executor:
            async with asyncio.timeout(20):
                async for others in looks(lambda: others_of(executor)):
                    if others:
                        break
            handle = executor.start(workshop.backtest(workshop.strategy(QUICK), workshop.data(500)))
            (runs,) = others.values()
            assert runs.startswith("algotradeforge 0.")
            assert "is left alone" in caplog.text
            handle.cancel()
            assert isinstance(await ended(handle), TaskFailed)


async def test_with_tls_only_those_take_part_whom_the_authority_knows(tmp_path: Path, workshop: "Workshop") -> None:
    files = certificates_in(tmp_path)
    settings = dict(zip(("FORGE_DASK_CA", "FORGE_DASK_CERT", "FORGE_DASK_KEY"), map(str, files), strict=True))
    strangers = certificates_in(workshop.folder("strangers"))
    with dask_cluster(tmp_path, workers=1, **settings) as cluster:
        assert cluster.url.startswith("tls://")
        async with owning(cluster.url, workshop.folder("home"), slots=1, certificates=files) as executor:
            task = workshop.trials(workshop.strategy(QUICK), workshop.data(500), {"period": [2, 3]})
            assert isinstance(await ended(executor.start(task)), TrialsDone)
            assert len(read_chunk(Path(task.chunk_path))) == 2
        async with owning(cluster.url, workshop.folder("home"), slots=0, certificates=strangers) as executor:
            handle = executor.start(task)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await handle.outcome()
            cluster_health = executor.health().cluster
            assert cluster_health is not None
            assert not cluster_health.connected


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "0.0.0.0", "[2001:4860:4860::8888]", "[::]", "[::ffff:0.0.0.0]", "[::ffff:8.8.8.8]", ""]
)
async def test_a_cluster_without_tls_is_refused_in_public(host: str) -> None:
    with pytest.raises(ClusterRefused, match="runs the code of everybody who reaches it"):
        await check_reach(f"tcp://{host}:8786")
    await check_reach(f"tls://{host}:8786")


async def test_a_server_listens_for_workers_in_public_with_tls_alone(tmp_path: Path) -> None:
    local = LocalExecutor(workers=1, home=tmp_path)
    executor = DaskExecutor(
        Place("tcp://127.0.0.1:8786", "0.0.0.0:0"), local=local, security=security(None), grace_s=GRACE_S
    )
    with pytest.raises(ClusterRefused):
        await executor.__aenter__()


async def test_the_processes_of_a_cluster_listen_where_they_were_told_to(cluster: DaskCluster) -> None:
    pids = {process.pid for process in cluster.processes}
    below = set().union(*(children(pid) for pid in pids)) | pids
    assert listening_addresses(below) == {"127.0.0.1"}


async def test_a_task_that_is_cancelled_while_its_bars_are_fetched_harms_no_host(
    cluster: DaskCluster, workshop: "Workshop", monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def never(**_: object) -> dict[str, object]:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with owning(cluster.url, workshop.folder("home")) as executor:
        monkeypatch.setitem(executor._depot.handlers, "fetch", never)
        hosts = executor.health().cluster
        handle = executor.start(workshop.backtest(workshop.strategy(QUICK), workshop.data(700, seed=70)))
        async with asyncio.timeout(20):
            await asked.wait()
        handle.cancel()
        assert await ended(handle) == TaskFailed(cause="cancelled", message="cancelled before it started")
        assert executor.health().cluster == hosts


async def test_a_cluster_without_tls_in_a_private_network_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    await check_reach("tcp://127.0.0.1:8786")
    assert not caplog.records
    await check_reach("tcp://10.1.2.3:8786")
    assert "everybody in this network can run code" in caplog.text


async def test_progress_of_remote_work_is_told_while_it_goes_on(cluster: DaskCluster, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    async with owning(cluster.url, workshop.folder("home")) as executor:
        handle = executor.start(workshop.backtest(gate.strategy, workshop.data(3000)))
        await gate.worker()
        await until(handle, lambda counts: counts.processed >= 500)  # how soon, tests/bench tells
        gate.open()
        await ended(handle)


def listening_addresses(pids: set[int]) -> set[str]:
    """The addresses of TCP on which processes listen."""
    inodes = {
        link.removeprefix("socket:[").removesuffix("]")
        for pid in pids
        for entry in Path(f"/proc/{pid}/fd").glob("*")
        if (link := os.readlink(entry)).startswith("socket:[")
    }
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(str(_address(fields[1].partition(":")[0])))
    return found


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """As the kernel writes them: in words of four bytes, each the other way round."""
    raw = bytes.fromhex(text)
    turned = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return ipaddress.ip_address(turned)


def others_of(executor: DaskExecutor) -> dict[str, str]:
    """The machines that get no tasks, and what they run."""
    health = executor.health().cluster
    assert health is not None
    return dict(health.others)


def alive(pid: int) -> bool:
    """Whether a process is more than an entry that nobody has read yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def certificates_in(folder: Path) -> Certificates:
    """An authority of its own, and what it gives to this machine."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    files = Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(files.authority)
    issued.cert_chain_pems[0].write_to_path(files.certificate)
    issued.private_key_pem.write_to_path(files.key)
    return files
