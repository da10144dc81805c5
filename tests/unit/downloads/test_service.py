"""Which download runs when, against processes that say what the test wants."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from server.api import asyncapi
from server.contract.catalogue import DatasetInfo
from server.contract.downloads import Download, DownloadRequest
from server.contract.problems import ForgeError, InvalidRequest
from server.downloads.kept import keep, read_all
from server.downloads.messages import Failed, Fetched, Found, Message, Order, Progress
from server.downloads.service import DownloadService
from server.execution.tasks import ImportTask
from tests.integration.asyncapi_document import AsyncApiDocument
from tests.unit.client.test_asynchronous import DATASET
from tests.waiting import looks

HOUR_MS = 3_600_000
FOUND = Found(
    library="ccxt 4",
    symbol="BTC/USDT",
    asset_name="BTCUSDT",
    exchange_name="Binance",
    quote="USDT",
    tick_size="0.01",
    lot_size="0.00001",
    multiplier=None,
    fetched=0,
)
FETCHED = Fetched(fetched=10, first_ms=1_704_067_200_000)


class ScriptedLink:
    """A process that says what it is given, and is gone once it is stopped."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.stopped = False
        self._messages: asyncio.Queue[Message] = asyncio.Queue()

    async def receive(self) -> Message:
        return await self._messages.get()

    def stop(self) -> None:
        self.stopped = True
        self.say(Failed(message="gone"))

    def say(self, *messages: Message) -> None:
        for message in messages:
            self._messages.put_nowait(message)


class ListedDatasets:
    """A catalogue that takes every import but those whose task has a size named in `refused`."""

    def __init__(self) -> None:
        self.root = Path("/catalogue")
        self.tasks: list[ImportTask] = []
        self.refused: dict[str, str] = {}
        self._items: dict[str, DatasetInfo] = {}

    def all(self) -> list[DatasetInfo]:
        return list(self._items.values())

    def get(self, dataset_id: str) -> DatasetInfo | None:
        return self._items.get(dataset_id)

    def upload_path(self) -> Path:
        raise AssertionError("nothing is uploaded")

    async def add(self, task: ImportTask) -> tuple[DatasetInfo, bool]:
        self.tasks.append(task)
        for path, field in self.refused.items():
            if getattr(task, field) is not None:
                raise InvalidRequest("invalid_request", path, "does not fit")
        info = msgspec.convert({**DATASET, "id": f"set-{len(self.tasks)}", "gapCount": 3}, DatasetInfo)
        self._items[info.id] = info
        return info, True

    async def remove(self, dataset_id: str) -> bool:
        return self._items.pop(dataset_id, None) is not None


class House:
    """A service with its surroundings."""

    def __init__(self, root: Path) -> None:
        self.datasets = ListedDatasets()
        self.links: asyncio.Queue[ScriptedLink] = asyncio.Queue()
        self.told: list[Any] = []
        self.service = DownloadService(
            root, self.datasets, base_url=None, announce=self._announce, fetch=self._fetching
        )

    @asynccontextmanager
    async def _fetching(self, order: Order) -> AsyncIterator[ScriptedLink]:
        link = ScriptedLink(order)
        self.links.put_nowait(link)
        yield link

    async def _announce(self, data: Any) -> None:
        self.told.append(data)

    async def started(self) -> ScriptedLink:
        async with asyncio.timeout(5):
            return await self.links.get()

    async def ended(self, download: Download) -> Download:
        """The download once it is over."""
        async with asyncio.timeout(5):
            await self.service._jobs[download.id].ended.wait()
        return self.service.get(download.id)

    async def completed(self, **changes: Any) -> Download:
        download = await self.service.submit(request(**changes))
        (await self.started()).say(FOUND, FETCHED)
        return await self.ended(download)


def request(**changes: Any) -> DownloadRequest:
    given = {"exchange": "binance", "symbol": "BTC/USDT", "timeFrame": "1h", "startTime": "2024-01-01T00:00:00Z"}
    return msgspec.convert({**given, **changes}, DownloadRequest)


def disk_is_full(path: Path, content: bytes) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    it = House(tmp_path / "downloads")
    async with it.service.running():
        yield it


async def test_a_download_becomes_a_data_set(house: House) -> None:
    download = await house.completed()
    assert (download.status, download.dataset_id, download.gap_count) == ("Completed", "set-1", 3)
    assert download.links.dataset == "/api/datasets/set-1"
    task = house.datasets.tasks[0]
    assert (task.asset_name, task.exchange, task.quote, task.tick_size) == ("BTCUSDT", "Binance", "USDT", "0.01")
    assert task.source.startswith("ccxt 4 binance BTC/USDT, fetched 20")
    assert house.told[-1]["status"] == "Completed"


async def test_the_same_again_joins_what_runs(house: House) -> None:
    first = await house.service.submit(request())
    again = await house.service.submit(request(exchange="Binance", timeFrame="60m"))
    assert (again.id, again.status) == (first.id, "Running")
    await house.started()
    assert house.links.empty()


async def test_progress_is_told_in_bars_of_those_expected(house: House) -> None:
    download = await house.service.submit(request(endTime="2024-01-01T09:00:00Z"))
    link = await house.started()
    start_ms = link.order.start_ms
    until_ms = start_ms + 9 * HOUR_MS
    link.say(FOUND, Progress(fetched=4, first_ms=start_ms, last_ms=start_ms + 3 * HOUR_MS, until_ms=until_ms))
    async for now in looks(lambda: house.service.get(download.id)):
        if now.fetched == 4:
            break
    assert (now.phase, now.fetched, now.expected, now.bar_time) == ("fetching", 4, 10, "2024-01-01T03:00:00.000Z")


async def test_a_finished_period_is_not_fetched_twice_unless_its_data_set_is_gone(house: House) -> None:
    ended = await house.completed(endTime="2024-02-01T00:00:00Z")
    assert await house.service.submit(request(endTime="2024-02-01T00:00:00Z")) == ended
    await house.datasets.remove("set-1")
    assert (await house.service.resume(ended.id)).status == "Running"


async def test_without_an_end_the_same_again_fetches_what_came_since(house: House) -> None:
    first = await house.completed()
    assert (await house.service.submit(request())).status == "Running"
    (await house.started()).say(FOUND, FETCHED)
    assert (await house.ended(first)).dataset_id == "set-2"


async def test_one_runs_at_a_time_of_each_exchange(house: House) -> None:
    await house.service.submit(request())
    waits = await house.service.submit(request(symbol="ETH/USDT"))
    other = await house.service.submit(request(exchange="kraken"))
    assert (waits.status, other.status) == ("Pending", "Running")
    running = {link.order.exchange: link for link in (await house.started(), await house.started())}
    running["binance"].say(Failed(message="no"))
    assert (await house.started()).order.symbol == "ETH/USDT"


async def test_a_cancelled_one_stops_and_goes_on_when_resumed(house: House) -> None:
    download = await house.service.submit(request())
    link = await house.started()
    asked = await house.service.cancel(download.id)
    assert (asked.cancel_requested, link.stopped) == (True, True)
    resumed = await house.service.resume(download.id)
    assert (resumed.status, resumed.cancel_requested) == ("Running", False)
    await house.started()


async def test_one_that_waits_is_cancelled_at_once_and_only_once(house: House) -> None:
    await house.service.submit(request())
    waits = await house.service.submit(request(symbol="ETH/USDT"))
    assert (await house.service.cancel(waits.id)).status == "Cancelled"
    with pytest.raises(ForgeError) as raised:
        await house.service.cancel(waits.id)
    assert raised.value.code == "already_terminal"


async def test_what_an_exchange_refuses_fails_the_download_with_its_words(house: House) -> None:
    download = await house.service.submit(request())
    (await house.started()).say(Failed(message="no market", code="invalid_request"))
    ended = await house.ended(download)
    assert (ended.status, ended.error_message, ended.code) == ("Failed", "no market", "invalid_request")


async def test_a_period_without_bars_fails(house: House) -> None:
    download = await house.service.submit(request())
    (await house.started()).say(FOUND, Fetched(fetched=0, first_ms=None))
    ended = await house.ended(download)
    assert (ended.code, ended.error_message) == ("empty_period", "Binance has no bars of BTC/USDT in that period.")


async def test_a_tick_size_that_does_not_fit_old_bars_is_inferred(house: House) -> None:
    house.datasets.refused = {"tickSize": "tick_size"}
    ended = await house.completed()
    assert [task.tick_size for task in house.datasets.tasks] == ["0.01", None]
    assert ended.notice == "its tick size is inferred: the exchange's own of today does not fit all bars"


async def test_a_history_that_begins_later_is_told(house: House) -> None:
    ended = await house.completed(startTime="2017-01-01T00:00:00Z")
    assert ended.notice == "the exchange's bars begin at 2024-01-01T00:00:00.000Z"


async def test_a_removed_one_is_forgotten_and_its_data_set_stays(house: House, tmp_path: Path) -> None:
    ended = await house.completed()
    await house.service.remove(ended.id)
    assert list((tmp_path / "downloads").iterdir()) == []
    assert house.datasets.get("set-1") is not None
    assert house.told[-1] == {"id": ended.id, "removed": True}
    with pytest.raises(ForgeError, match="There is no download"):
        house.service.get(ended.id)


async def test_all_that_is_told_is_as_the_document_of_the_socket_says(house: House) -> None:
    await house.service.remove((await house.completed()).id)
    document = AsyncApiDocument(asyncapi.document())
    for data in house.told:
        document.is_a("changed", {"type": "changed", "topic": "downloads", "data": data})
    assert {data.get("status", "gone") for data in house.told} == {"Pending", "Running", "Completed", "gone"}


async def test_one_that_runs_is_stopped_when_it_is_removed(house: House) -> None:
    download = await house.service.submit(request())
    link = await house.started()
    await house.service.remove(download.id)
    assert link.stopped
    assert (await house.service.submit(request())).status == "Running"


async def test_one_that_is_removed_while_a_resume_waits_for_its_cancel_leaves_nothing_behind(
    house: House, tmp_path: Path
) -> None:
    download = await house.service.submit(request())
    await house.started()
    await house.service.cancel(download.id)
    async with asyncio.timeout(5):
        resumed, removed = await asyncio.gather(
            house.service.resume(download.id), house.service.remove(download.id), return_exceptions=True
        )
    assert isinstance(resumed, ForgeError)
    assert (resumed.code, removed) == ("not_found", None)
    assert (house.service.all(), list((tmp_path / "downloads").iterdir())) == ([], [])


async def test_one_that_is_submitted_again_while_it_is_cancelled_and_removed_begins_anew(house: House) -> None:
    download = await house.service.submit(request())
    link = await house.started()
    await house.service.cancel(download.id)
    async with asyncio.timeout(5):
        again, _ = await asyncio.gather(house.service.submit(request()), house.service.remove(download.id))
        assert (link.stopped, again.status) == (True, "Running")
        assert house.service.get(download.id) == again
        await house.started()
        await house.service.remove(download.id)


async def test_one_that_cannot_be_removed_stays_and_can_be_resumed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> None:
        raise PermissionError(f"{folder} is not yours")

    ended = await house.completed()
    with monkeypatch.context() as patch:
        patch.setattr("server.downloads.service.forget", fails)
        with pytest.raises(PermissionError):
            await house.service.remove(ended.id)
    assert (await house.service.resume(ended.id)).status == "Running"
    await house.service.remove(ended.id)
    assert house.service.all() == []


async def test_a_removal_that_is_given_up_leaves_one_that_can_be_removed(house: House) -> None:
    download = await house.service.submit(request())
    await house.started()
    removal = asyncio.create_task(house.service.remove(download.id))
    again = asyncio.create_task(house.service.submit(request()))
    await asyncio.sleep(0)  # both begin, and wait for the end of what runs
    removal.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([removal])
        assert (await again).status == "Running"
        await house.service.remove(download.id)
    assert house.service.all() == []


async def test_one_that_cannot_be_kept_is_refused_and_leaves_nothing_behind(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.downloads.kept.write_atomically", disk_is_full)
    with pytest.raises(ForgeError, match="cannot be kept: No space left on device") as raised:
        await house.service.submit(request())
    assert raised.value.code == "disk_full"
    assert (house.service.all(), house.told, list((tmp_path / "downloads").iterdir())) == ([], [], [])


async def test_one_that_cannot_be_resumed_for_a_full_disk_stays_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = await house.completed()
    with monkeypatch.context() as patch:
        patch.setattr("server.downloads.kept.write_atomically", disk_is_full)
        with pytest.raises(ForgeError, match="No space left on device"):
            await house.service.resume(ended.id)
        assert house.service.all() == [ended]
    assert (await house.service.resume(ended.id)).status == "Running"


async def test_a_restart_goes_on_with_what_was_unfinished_and_lists_the_rest(tmp_path: Path) -> None:
    before = House(tmp_path)
    async with before.service.running():
        done = await before.completed(exchange="kraken")
        runs = await before.service.submit(request())
        await before.started()
    after = House(tmp_path)
    async with after.service.running():
        link = await after.started()
        assert link.order.folder.endswith(runs.id)
        assert after.service.get(done.id) == done
        assert [one.id for one in after.service.all()] == [runs.id, done.id]


async def test_one_whose_cancel_a_restart_cut_short_is_cancelled_and_goes_on_when_resumed(tmp_path: Path) -> None:
    before = House(tmp_path)
    async with before.service.running():
        cut = await before.service.submit(request())
        kept = before.service._jobs[cut.id].kept
    keep(tmp_path / cut.id, structs.replace(kept, download=structs.replace(kept.download, cancel_requested=True)))
    after = House(tmp_path)
    async with after.service.running(), asyncio.timeout(5):
        assert after.service.get(cut.id).status == "Cancelled"
        assert [one.download.status for one in read_all(tmp_path)] == ["Cancelled"]
        assert (await after.service.resume(cut.id)).status == "Running"
        await after.service.remove(cut.id)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"exchange": "nowhere"}, "exchange"),
        ({"timeFrame": "1 fortnight"}, "timeFrame"),
        ({"startTime": "2999-01-01T00:00:00Z"}, "startTime"),
        ({"endTime": "2023-01-01T00:00:00Z"}, "endTime"),
        ({"timeFrame": "1s", "startTime": "1990-01-01T00:00:00Z"}, "startTime"),
        ({"assetName": " "}, "assetName"),
    ],
)
async def test_what_is_wrong_is_named(house: House, changes: dict[str, str], path: str) -> None:
    with pytest.raises(ForgeError) as raised:
        await house.service.submit(request(**changes))
    assert [one.path for one in raised.value.errors] == [path]
    assert house.service.all() == []


async def test_a_server_that_is_about_to_stop_takes_none(house: House) -> None:
    house.service.drain()
    with pytest.raises(ForgeError) as raised:
        await house.service.submit(request())
    assert (raised.value.code, house.service.all()) == ("draining", [])


async def test_without_ccxt_a_request_is_told_what_to_install(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.downloads.installed._exchanges", lambda: None)
    with pytest.raises(ForgeError, match=r'pip install "algotradeforge\[download\]"') as raised:
        await house.service.submit(request())
    assert raised.value.code == "not_supported"
