"""Data sets and sources on a machine of a cluster."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from server.execution.cluster.cache import Cache, CorruptError
from server.execution.cluster.desk import Missing
from server.strategies.freezing import collect_source

if TYPE_CHECKING:
    from server.execution.tasks import DataSlice
    from tests.conftest import Workshop

PLENTY = 1 << 30
CODE = """
class Probe(Strategy):
    def on_bar(self, bar):
        return
"""


class FolderDesk:
    """Stands for a Desk: gives files of folders, and counts how often it was asked; `spoil` changes them on the way."""

    def __init__(self, datasets: Path, source: Path | None = None, *, spoil: bool = False) -> None:
        self.asked: list[str] = []
        self._datasets = datasets
        self._source = source
        self._spoil = spoil

    async def source_names(self) -> list[str]:
        assert self._source is not None
        return sorted(collect_source(self._source, "probe.py"))

    async def file(self, dataset: str | None, name: str) -> AsyncIterator[bytes]:
        self.asked.append(name)
        await asyncio.sleep(0)
        folder = self._source if dataset is None else self._datasets / dataset
        assert folder is not None
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError:
            raise Missing(name) from None
        if self._spoil and not name.endswith(".json"):
            content = content[:-1] + bytes([content[-1] ^ 1])
        yield content[:1000]
        yield content[1000:]


def a_cache(folder: Path, limit_bytes: int = PLENTY) -> Cache:
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    return Cache(folder, limit_bytes, scratch)


def desk_for(*slices: "DataSlice", **options: Any) -> Any:
    return FolderDesk(Path(slices[0].directory).parent, **options)


async def fetched(cache: Cache, desk: Any, *slices: "DataSlice") -> dict[str, Path]:
    async with cache.datasets([one.dataset for one in slices], desk) as folders:
        return folders


async def test_a_data_set_is_fetched_once_and_is_the_same(tmp_path: Path, workshop: "Workshop") -> None:
    data, cache = workshop.data(500), a_cache(tmp_path)
    desk = desk_for(data)
    one, other = await asyncio.gather(fetched(cache, desk, data), fetched(cache, desk, data))
    assert one == other
    (folder,) = one.values()
    assert (folder / "bars.npy").read_bytes() == (Path(data.directory) / "bars.npy").read_bytes()
    assert sorted(desk.asked) == ["bars.npy", "dataset.json"]
    await fetched(a_cache(tmp_path), desk, data)
    assert len(desk.asked) == 2, "another host of the machine finds it"


async def test_bars_that_are_not_those_of_their_hash_are_refused(tmp_path: Path, workshop: "Workshop") -> None:
    data, cache = workshop.data(500), a_cache(tmp_path)
    with pytest.raises(CorruptError, match=data.dataset.content_hash):
        await fetched(cache, desk_for(data, spoil=True), data)
    await fetched(cache, desk_for(data), data)


async def test_a_data_set_that_the_owner_has_lost_is_missing(tmp_path: Path, workshop: "Workshop") -> None:
    data = workshop.data(500)
    with pytest.raises(Missing):
        await fetched(a_cache(tmp_path), FolderDesk(tmp_path), data)


async def test_what_was_not_used_for_longest_makes_room_and_what_is_in_use_stays(
    tmp_path: Path, workshop: "Workshop"
) -> None:
    first, second, third = (workshop.data(500, seed) for seed in (1, 2, 3))
    cache = a_cache(tmp_path, 2 * 25_000)
    desk = desk_for(first)
    async with cache.datasets([first.dataset], desk) as used:
        (held,) = used.values()
        (idle,) = (await fetched(cache, desk, second)).values()
        (new,) = (await fetched(cache, desk, third)).values()
        assert (held.exists(), idle.exists(), new.exists()) == (True, False, True)


async def test_a_name_that_is_a_path_is_refused(tmp_path: Path, workshop: "Workshop") -> None:
    data = workshop.data(500)
    evil = replace(data, dataset=replace(data.dataset, id="../../evil"))
    with pytest.raises(Missing):
        await fetched(a_cache(tmp_path / "cache"), desk_for(data), evil)


async def test_a_source_is_fetched_once_and_checked_against_its_hash(tmp_path: Path, workshop: "Workshop") -> None:
    source, cache = workshop.strategy(CODE), a_cache(tmp_path)
    desk = desk_for(workshop.data(10), source=Path(source.directory))
    folder = await cache.source(source, desk)
    assert (folder / "probe.py").read_bytes() == (Path(source.directory) / "probe.py").read_bytes()
    assert await cache.source(source, desk) == folder
    assert desk.asked == ["probe.py"]
    other = a_cache(tmp_path / "other")
    with pytest.raises(CorruptError, match="is not that of"):
        await other.source(source, desk_for(workshop.data(10), source=Path(source.directory), spoil=True))
