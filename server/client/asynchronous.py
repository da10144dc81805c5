"""The client for asyncio."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import quote

import msgspec

from server.client import follow, wire
from server.client.catalogue import AsyncCatalogue
from server.client.downloads import AsyncDownloads
from server.client.errors import NoResult, NotFound, RunFailed
from server.client.frames import AsyncFrames
from server.client.socket import socket_states
from server.client.views import View, shown
from server.client.wire import RunRef
from server.contract.chart import Bars
from server.contract.events import Event
from server.contract.pages import (
    BacktestPage,
    OptimizationPage,
    OrderPage,
    TradePage,
    TrialPage,
)
from server.contract.requests import BacktestRequest, OptimizationRequest, RunKind
from server.contract.results import BacktestResult, Equity, OptimizationResult, Trial
from server.contract.retention import Pruning
from server.contract.run import CancelAnswer, Evaluation, RunSnapshot, Submission
from server.contract.status import AnyStatus
from server.contract.system import System

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


class AsyncForge(AsyncCatalogue, AsyncDownloads):
    """Speaks with one server. Everything raises ProblemError for what the server refuses, ConnectionFailed without one.

    Use it as `async with AsyncForge() as forge`. Without `url` it is the server of FORGE_URL and FORGE_TOKEN, else the
    one on this machine; `transport` replaces the network in tests.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        transport: "httpx.AsyncBaseTransport | None" = None,
        pace: follow.Pace | None = None,
    ) -> None:
        super().__init__(url, token, transport=transport)
        self._pace = pace or follow.Pace()
        self.frames: Final = AsyncFrames(self)

    async def submit_backtest(
        self, request: BacktestRequest | Mapping[str, Any], *, dry_run: bool = False
    ) -> Submission:
        """Submits a backtest; with `dry_run` only says what would happen."""
        return await self._submit("/api/backtests", request, dry_run)

    async def submit_optimization(
        self, request: OptimizationRequest | Mapping[str, Any], *, dry_run: bool = False
    ) -> Submission:
        """Submits an optimization; with `dry_run` only says what would happen."""
        return await self._submit("/api/optimizations", request, dry_run)

    async def evaluate(self, request: OptimizationRequest | Mapping[str, Any]) -> Evaluation:
        """What an optimization would cost."""
        return await self._post_json("/api/optimizations/evaluate", request, Evaluation)

    async def status(self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None) -> AnyStatus:
        """A run as it stands; without `kind` both kinds are looked through."""
        params = wire.parameters({"trials": trials, "attempt": run.attempt if isinstance(run, Submission) else None})
        return await self._of_run(run, kind, lambda path: self._get_any(f"{path}/status", params))

    async def stored(self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None) -> AnyStatus:
        """A run with its newest result, even while a newer attempt runs or after it failed."""
        params = wire.parameters({"trials": trials})
        return await self._of_run(run, kind, lambda path: self._get_any(path, params))

    async def result(
        self, run: RunRef, kind: RunKind | None = None, *, trials: int | None = None
    ) -> BacktestResult | OptimizationResult:
        """The newest result of a run; NoResult when it has none."""
        stored = await self.stored(run, kind, trials=trials)
        if stored.result is None:
            raise NoResult(stored.run_key, stored.status)
        return stored.result

    async def report(self, run: RunRef, kind: RunKind | None = None) -> str:
        """The report of a finished run as one HTML file; ProblemError `not_found` without a result."""
        return await self._of_run(run, kind, self._report)

    async def watch(
        self,
        run: RunRef,
        kind: RunKind | None = None,
        *,
        patience_s: float = 120,
        on_link: Callable[[follow.Link], None] | None = None,
    ) -> AsyncGenerator[RunSnapshot, None]:
        """Every state of a run from now to its final one, over the WebSocket, or by asking while that is lost.

        `on_link` is told when it changes from `live` to `polling` and back. ConnectionFailed once nothing has answered
        for `patience_s`, at once when nothing ever did.
        """
        run_key, attempt = (run.run_key, run.attempt) if isinstance(run, Submission) else (run, None)
        sources = follow.Sources(
            socket=lambda last: socket_states(self.url, self._headers, run_key, attempt, last),
            status=lambda: self.status(run, kind),
        )
        async with contextlib.aclosing(follow.follow(sources, attempt, self._pace, patience_s, on_link)) as states:
            async for snapshot in states:
                yield snapshot

    async def wait(
        self, run: RunRef, kind: RunKind | None = None, *, progress: bool | View = False, patience_s: float = 120
    ) -> BacktestResult | OptimizationResult:
        """Follows a run to its end and gives its result; RunFailed when it has none, otherwise as `watch`.

        `progress` shows how it goes on: a bar on a terminal or in a notebook, lines now and then elsewhere. Of several
        runs at once it is one `progress_view()`, entered and given to all.
        """
        with shown(progress) as view:
            async with contextlib.aclosing(self.watch(run, kind, patience_s=patience_s, on_link=view.link)) as states:
                async for snapshot in states:
                    view.show(snapshot)
                    kind = snapshot.run.kind
        return result_of(await self.status(run, kind))

    async def cancel(self, run: RunRef, kind: RunKind | None = None) -> CancelAnswer:
        """Asks every unfinished attempt of a run to stop."""
        return await self._of_run(run, kind, lambda path: self._post(f"{path}/cancel", CancelAnswer))

    async def delete(self, run: RunRef, kind: RunKind | None = None) -> None:
        """Cancels a run and forgets it with its files."""
        await self._of_run(run, kind, lambda path: self._delete(path))

    async def runs(self, kind: RunKind, **filters: object) -> BacktestPage | OptimizationPage:
        """One page of runs; filters as in the API: `strategy, asset, time_frame, status, sort, limit, cursor, …`."""
        page: Any = BacktestPage if kind == "backtest" else OptimizationPage
        found = await self._get(f"/api/{kind}s", page, wire.parameters(filters))
        return cast("BacktestPage | OptimizationPage", found)

    async def trials(
        self,
        run: RunRef,
        *,
        sort: str | None = None,
        status: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> TrialPage:
        """One page of an optimization's trials, best first unless `sort` names a metric or parameter."""
        params = wire.parameters({"sort": sort, "status": status, "limit": limit, "cursor": cursor})
        return await self._get(wire.run_path("optimization", _key(run), "/trials"), TrialPage, params)

    async def trial(self, run: RunRef, trial_key: str) -> Trial:
        """One trial of an optimization by its key, as `best` names it; NotFound when there is none."""
        return await self._get(wire.run_path("optimization", _key(run), f"/trials/{quote(trial_key, safe='')}"), Trial)

    async def trades(self, run: RunRef, *, limit: int = 50, cursor: str | None = None) -> TradePage:
        """One page of a backtest's round trips."""
        params = wire.parameters({"limit": limit, "cursor": cursor})
        return await self._get(wire.run_path("backtest", _key(run), "/trades"), TradePage, params)

    async def equity(self, run: RunRef, *, points: int | None = None) -> Equity:
        """A backtest's equity curve, down-sampled to about `points`."""
        return await self._get(
            wire.run_path("backtest", _key(run), "/equity"), Equity, wire.parameters({"points": points})
        )

    async def orders(
        self,
        run: RunRef,
        *,
        status: str | None = None,
        side: str | None = None,
        type: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> OrderPage:
        """One page of a backtest's orders with their fills."""
        params = wire.parameters({"status": status, "side": side, "type": type, "limit": limit, "cursor": cursor})
        return await self._get(wire.run_path("backtest", _key(run), "/orders"), OrderPage, params)

    async def bars(
        self, run: RunRef, *, from_: str | None = None, to: str | None = None, points: int | None = None
    ) -> Bars:
        """A backtest's bars between two days or instants with its fills on them, in at most `points` rows (2,000)."""
        params = wire.parameters({"from_": from_, "to": to, "points": points})
        return await self._get(wire.run_path("backtest", _key(run), "/bars"), Bars, params)

    async def events(
        self,
        run: RunRef,
        *,
        types: Sequence[str] = (),
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
    ) -> AsyncGenerator[Event, None]:
        """The event log of a backtest that was submitted with `eventLog`, read as it arrives."""
        blocks = self.event_blocks(run, types=types, from_=from_, to=to, limit=limit)
        async with contextlib.aclosing(blocks):
            async for block in blocks:
                for event in block:
                    yield event

    async def event_blocks(
        self, run: RunRef, *, types: Sequence[str] = (), **bounds: object
    ) -> AsyncGenerator[list[Event], None]:
        """The same events, as many at a time as arrive together."""
        params = wire.parameters({"types": list(types) or None, **bounds})
        path = wire.run_path("backtest", _key(run), "/events")
        decoder = msgspec.json.Decoder(Event)
        rest = b""
        async with self._streamed(path, params) as response:
            async for piece in response.aiter_bytes():
                lines, _, rest = (rest + piece).rpartition(b"\n")
                yield decoder.decode_lines(lines)

    async def pieces(
        self, run: RunRef, kind: RunKind, file: str, media_type: str, **asked: object
    ) -> AsyncGenerator[bytes, None]:
        """`trials`, `trades`, `orders`, `events` or `report.html` of a run, as the server writes and sends it.

        `media_type`: one of those that the server has it in; `asked`: `sort`, `status` and the like.
        """
        path = wire.run_path(kind, _key(run), f"/{file}")
        async with self._streamed(path, wire.parameters(asked), {"Accept": media_type}) as response:
            async for piece in response.aiter_bytes():
                yield piece

    async def prune(self, *, dry_run: bool = False) -> Pruning:
        """Removes what is beyond the server's rules of keeping, or with `dry_run` tells of it."""
        path = f"/api/prune{'?dryRun=true' if dry_run else ''}"
        return wire.decode(await self._send("POST", path), Pruning)

    async def system(self) -> System:
        """How the server is."""
        return await self._get("/api/system", System)

    async def _report(self, path: str) -> str:
        return (await self._get_bytes(f"{path}/report.html", "text/html")).decode()

    async def _submit(self, path: str, request: Any, dry_run: bool) -> Submission:
        return await self._post_json(f"{path}?dryRun=true" if dry_run else path, request, Submission)

    async def _of_run(self, run: RunRef, kind: RunKind | None, ask: Callable[[str], Awaitable[T]]) -> T:
        """Asks about a run of this kind, or of the kind that knows it."""
        if isinstance(run, Submission):
            return await ask(wire.run_path(run.kind, run.run_key))
        if kind is not None:
            return await ask(wire.run_path(kind, run))
        first, second = wire.KINDS
        try:
            return await ask(wire.run_path(first, run))
        except NotFound as error:
            if error.code != "run_not_found":
                raise
        return await ask(wire.run_path(second, run))

    async def _get_any(self, path: str, params: Mapping[str, str]) -> AnyStatus:
        return cast("AnyStatus", await self._get(path, cast("Any", AnyStatus), params))


def result_of(status: AnyStatus) -> BacktestResult | OptimizationResult:
    """The result of a run that has ended; RunFailed when it has none."""
    if status.status != "Completed" or status.result is None:
        raise RunFailed(status.run_key, status.status, status.error_message, status.error_stack_trace)
    return status.result


def _key(run: RunRef) -> str:
    return run.run_key if isinstance(run, Submission) else run
