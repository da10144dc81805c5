"""What an attempt, unfinished or stored, was made from."""

import asyncio

import msgspec

from server.contract.problems import ForgeError, InvalidRequest, RunNotFound
from server.optimization.space import Space
from server.runs.ledger import Ledger
from server.runs.port import ShownSeries
from server.runs.prepared import AnyPrepared, PreparedData, PreparedOptimization, PreparedSpace
from server.runs.series import ResampledSeries
from server.store.port import RunStore


class AttemptInputs:
    """Looks at what is under way first, then into the store."""

    def __init__(self, ledger: Ledger, store: RunStore, series: ResampledSeries) -> None:
        self._ledger = ledger
        self._store = store
        self._series = series

    async def space(self, run_key: str, attempt: int) -> Space:
        """The sets of parameters that an attempt of an optimization visits; RunNotFound when it is gone."""
        live = self._live(run_key, attempt)
        if isinstance(live, PreparedOptimization):
            return live.space
        stored = await self._stored(run_key, attempt)
        # in a thread: a space may have a million values
        return (await asyncio.to_thread(msgspec.json.decode, stored, type=PreparedSpace)).space

    async def series(self, run_key: str, attempt: int, number: int) -> ShownSeries:
        """The bars of one series of an attempt, where they are now; ForgeError `not_found` when they are gone.

        InvalidRequest where there are not as many series.
        """
        live = self._live(run_key, attempt)
        if live is not None:
            data = live.data
        else:
            data = msgspec.json.decode(await self._stored(run_key, attempt), type=PreparedData).data
        if number >= len(data):
            raise InvalidRequest("invalid_request", "series", f"must be below {len(data)}, the series of this run")
        chosen = data[number]
        dataset_id = chosen.dataset.id
        try:
            directory = self._series.directory(dataset_id)
        except ForgeError as error:
            raise ForgeError("not_found", f"The data set {dataset_id} of this run was deleted.") from error
        assets = list(dict.fromkeys((one.dataset.asset_name, one.dataset.exchange) for one in data))
        return ShownSeries(
            data=msgspec.structs.replace(chosen, directory=str(directory)),
            asset=assets.index((chosen.dataset.asset_name, chosen.dataset.exchange)),
        )

    def _live(self, run_key: str, attempt: int) -> AnyPrepared | None:
        live = self._ledger.live.get(run_key)
        return live.prepared if live is not None and live.attempt == attempt else None

    async def _stored(self, run_key: str, attempt: int) -> bytes:
        record = await self._store.load_attempt(run_key, attempt)
        if record is None:
            raise RunNotFound(run_key)
        return record.prepared
