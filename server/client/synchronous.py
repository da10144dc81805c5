"""The client for programs without asyncio."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

from server.client.asynchronous import AsyncForge, result_of
from server.client.blocking_downloads import BlockingDownloads
from server.client.blocking_frames import Frames
from server.client.catalogue import Imported
from server.client.errors import ClientError
from server.client.follow import Link
from server.client.views import View, shown
from server.client.wire import RunRef
from server.contract.catalogue import DatasetInfo, DatasetKind, StrategyInfo
from server.contract.chart import Bars
from server.contract.events import Event
from server.contract.pages import BacktestPage, OptimizationPage, OrderPage, TradePage, TrialPage
from server.contract.requests import BacktestRequest, OptimizationRequest, RunKind
from server.contract.results import BacktestResult, Equity, OptimizationResult, Trial
from server.contract.retention import Pruning
from server.contract.run import CancelAnswer, Evaluation, RunSnapshot, Submission
from server.contract.status import AnyStatus
from server.contract.system import System

T = TypeVar("T")
_UNWIND_S: Final = 3.0


class Forge(BlockingDownloads):
    """`AsyncForge` on an event loop of its own, in a thread: usable everywhere, in a notebook too.

    Use it as `with Forge() as forge`. The methods are those of `AsyncForge`, with the same errors.
    """

    def __init__(self, url: str | None = None, token: str | None = None, **options: Any) -> None:
        self._forge = AsyncForge(url, token, **options)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="forge-client", daemon=True)
        self._thread.start()
        self.frames: Final = Frames(self._forge.frames, self._run)

    @property
    def url(self) -> str:
        """The server's address."""
        return self._forge.url

    def __enter__(self) -> "Forge":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections and ends the thread. Idempotent."""
        if self._loop.is_closed():
            return
        self._run(self._forge.close())
        self._run(_end_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def submit_backtest(self, request: BacktestRequest | Mapping[str, Any], *, dry_run: bool = False) -> Submission:
        """See `AsyncForge.submit_backtest`."""
        return self._run(self._forge.submit_backtest(request, dry_run=dry_run))

    def submit_optimization(
        self, request: OptimizationRequest | Mapping[str, Any], *, dry_run: bool = False
    ) -> Submission:
        """See `AsyncForge.submit_optimization`."""
        return self._run(self._forge.submit_optimization(request, dry_run=dry_run))

    def evaluate(self, request: OptimizationRequest | Mapping[str, Any]) -> Evaluation:
        """See `AsyncForge.evaluate`."""
        return self._run(self._forge.evaluate(request))

    def status(self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None) -> AnyStatus:
        """See `AsyncForge.status`."""
        return self._run(self._forge.status(run, kind, trials=trials))

    def stored(self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None) -> AnyStatus:
        """See `AsyncForge.stored`."""
        return self._run(self._forge.stored(run, kind, trials=trials))

    def result(
        self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None
    ) -> BacktestResult | OptimizationResult:
        """See `AsyncForge.result`."""
        return self._run(self._forge.result(run, kind, trials=trials))

    def report(self, run: RunRef, kind: RunKind | None = None) -> str:
        """See `AsyncForge.report`."""
        return self._run(self._forge.report(run, kind))

    def watch(
        self,
        run: RunRef,
        kind: RunKind | None = None,
        *,
        patience_s: float = 120,
        on_link: Callable[[Link], None] | None = None,
    ) -> Iterator[RunSnapshot]:
        """See `AsyncForge.watch`; `on_link` is called in the thread of the client."""
        yield from self._each(self._forge.watch(run, kind, patience_s=patience_s, on_link=on_link))

    def wait(
        self, run: RunRef, kind: RunKind | None = None, *, progress: bool | View = False, patience_s: float = 120
    ) -> BacktestResult | OptimizationResult:
        """See `AsyncForge.wait`."""
        with shown(progress) as view:  # here, since a notebook shows under a cell what its own thread displays
            for snapshot in self.watch(run, kind, patience_s=patience_s, on_link=view.link):
                view.show(snapshot)
                kind = snapshot.run.kind
        return result_of(self.status(run, kind))

    def cancel(self, run: RunRef, kind: RunKind | None = None) -> CancelAnswer:
        """See `AsyncForge.cancel`."""
        return self._run(self._forge.cancel(run, kind))

    def delete(self, run: RunRef, kind: RunKind | None = None) -> None:
        """See `AsyncForge.delete`."""
        self._run(self._forge.delete(run, kind))

    def runs(self, kind: RunKind, **filters: object) -> BacktestPage | OptimizationPage:
        """See `AsyncForge.runs`."""
        return self._run(self._forge.runs(kind, **filters))

    def trials(
        self,
        run: RunRef,
        *,
        sort: str | None = None,
        status: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> TrialPage:
        """See `AsyncForge.trials`."""
        return self._run(self._forge.trials(run, sort=sort, status=status, limit=limit, cursor=cursor))

    def trial(self, run: RunRef, trial_key: str) -> Trial:
        """See `AsyncForge.trial`."""
        return self._run(self._forge.trial(run, trial_key))

    def trades(self, run: RunRef, *, limit: int = 50, cursor: str | None = None) -> TradePage:
        """See `AsyncForge.trades`."""
        return self._run(self._forge.trades(run, limit=limit, cursor=cursor))

    def equity(self, run: RunRef, *, points: int | None = None) -> Equity:
        """See `AsyncForge.equity`."""
        return self._run(self._forge.equity(run, points=points))

    def orders(
        self,
        run: RunRef,
        *,
        status: str | None = None,
        side: str | None = None,
        type: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> OrderPage:
        """See `AsyncForge.orders`."""
        return self._run(self._forge.orders(run, status=status, side=side, type=type, limit=limit, cursor=cursor))

    def bars(self, run: RunRef, *, from_: str | None = None, to: str | None = None, points: int | None = None) -> Bars:
        """See `AsyncForge.bars`."""
        return self._run(self._forge.bars(run, from_=from_, to=to, points=points))

    def events(
        self,
        run: RunRef,
        *,
        types: Sequence[str] = (),
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Event]:
        """See `AsyncForge.events`."""
        blocks = self._forge.event_blocks(run, types=types, from_=from_, to=to, limit=limit)
        for block in self._each(blocks):
            yield from block

    def pieces(
        self, run: RunRef, kind: RunKind, file: str, media_type: str, **asked: object
    ) -> Generator[bytes, None, None]:
        """See `AsyncForge.pieces`."""
        yield from self._each(self._forge.pieces(run, kind, file, media_type, **asked))

    def strategies(self) -> list[StrategyInfo]:
        """See `AsyncForge.strategies`."""
        return self._run(self._forge.strategies())

    def datasets(self) -> list[DatasetInfo]:
        """See `AsyncForge.datasets`."""
        return self._run(self._forge.datasets())

    def import_dataset(
        self,
        file: Path | str,
        *,
        asset_name: str,
        exchange: str,
        time_frame: str | None = None,
        kind: DatasetKind = "bars",
        quarantine: bool = False,
        on_sent: Callable[[int, int], None] | None = None,
        **options: str | None,
    ) -> Imported:
        """See `AsyncForge.import_dataset`; `on_sent` is called in the thread of the client."""
        return self._run(
            self._forge.import_dataset(
                file,
                asset_name=asset_name,
                exchange=exchange,
                time_frame=time_frame,
                kind=kind,
                quarantine=quarantine,
                on_sent=on_sent,
                **options,
            )
        )

    def import_frame(
        self,
        frame: Any,
        *,
        asset_name: str,
        exchange: str,
        time_frame: str | None = None,
        kind: DatasetKind = "bars",
        quarantine: bool = False,
        **options: str | None,
    ) -> Imported:
        """See `AsyncForge.import_frame`."""
        return self._run(
            self._forge.import_frame(
                frame,
                asset_name=asset_name,
                exchange=exchange,
                time_frame=time_frame,
                kind=kind,
                quarantine=quarantine,
                **options,
            )
        )

    def delete_dataset(self, dataset_id: str) -> None:
        """See `AsyncForge.delete_dataset`."""
        self._run(self._forge.delete_dataset(dataset_id))

    def prune(self, *, dry_run: bool = False) -> Pruning:
        """See `AsyncForge.prune`."""
        return self._run(self._forge.prune(dry_run=dry_run))

    def system(self) -> System:
        """See `AsyncForge.system`."""
        return self._run(self._forge.system())

    def _each(self, items: AsyncGenerator[T, None]) -> Iterator[T]:
        """What the generator gives, step by step on the loop."""

        async def following() -> T | None:
            return await anext(items, None)

        try:
            while (item := self._run(following())) is not None:
                yield item
        finally:
            if not self._loop.is_closed():
                with suppress(RuntimeError):  # an interrupted step that still unwinds: `close` sees to its end
                    self._run(items.aclose())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for work on the loop; an interrupt of the waiting thread ends the work too, and waits for that."""
        if self._loop.is_closed():
            work.close()  # or it would be told of as never awaited
            raise ClientError("The client is closed: it can ask nothing more. Make a new one, or ask before its end.")
        ended = threading.Event()

        async def whole() -> T:
            try:
                return await work
            finally:
                ended.set()

        future = asyncio.run_coroutine_threadsafe(whole(), self._loop)
        try:
            return future.result()
        except BaseException:
            if future.cancel():
                ended.wait(_UNWIND_S)  # a generator that still unwinds cannot be closed
            raise


async def _end_others() -> None:
    """Ends whatever else still runs on the loop: an interrupted call can leave a closing handshake behind."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=_UNWIND_S)
