"""What a new owner does with the attempts that a former one left unfinished."""

import logging

import msgspec

from server.broker.port import Broker
from server.contract.run import shortened
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun
from server.runs.prepared import AnyPrepared, PreparedOptimization
from server.store.port import AttemptRecord, RunStore
from server.store.results import ResultFiles

_log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(AnyPrepared)
RESTARTED = "server restarted"
_ENDS_TOLD_AGAIN = 1_000


async def recover(store: RunStore, ledger: Ledger, broker: Broker) -> None:
    """Queues Pending runs again, fails Running backtests, resumes Running optimizations as new attempts.

    The newest ends are published once more: the former owner may have died between keeping one and telling it.
    """
    for snapshot in await store.newest_ends(_ENDS_TOLD_AGAIN):
        await broker.publish(shortened(snapshot))
    records = await store.unfinished()
    waiting: dict[str, list[AttemptRecord]] = {}
    for record in records:
        if not record.visible:
            waiting.setdefault(record.run_key, []).append(record)
    for record in records:
        if not record.visible:
            continue
        record = await _renewed(store, record)
        live = ledger.restore(record, _decoder.decode(record.prepared))
        await broker.publish(shortened(record.snapshot))
        for hidden in waiting.get(record.run_key, ()):
            ledger.restore_waiting(live, hidden, _decoder.decode(hidden.prepared))
        if record.snapshot.state.status == "Running":
            await _interrupted(ledger, live, record)


async def remove_orphans(store: RunStore, results: ResultFiles) -> None:
    """Removes the files of runs that the store does not have: a crash came between forgetting one and its files.

    Before anything is submitted. Where the store knows none of them, it is not the one that they belong to.
    """
    await results.finish_removals()
    run_keys = await results.run_keys()
    known = await store.known_runs(run_keys)
    if run_keys and not known:
        _log.warning("no result is of a run in the database; the files stay", extra={"folders": len(run_keys)})
        return
    for run_key in run_keys:
        if run_key not in known:
            await results.remove(run_key)
            _log.info("removed the files of a run that was deleted", extra={"run_key": run_key})


async def _renewed(store: RunStore, record: AttemptRecord) -> AttemptRecord:
    """The next generation, so that whatever a zombie still publishes is older."""
    snapshot = await store.raise_generation(record.snapshot)
    return msgspec.structs.replace(record, snapshot=snapshot)


async def _interrupted(ledger: Ledger, live: LiveRun, record: AttemptRecord) -> None:
    state = record.snapshot.state
    if state.cancel_requested:
        # Its workers ended with the former owner: what was asked for has happened.
        await ledger.end(live, "Cancelled")
        return
    _log.warning("a run was interrupted", extra=live.log())
    prepared = live.prepared
    await ledger.end(live, "Failed", error_message=RESTARTED)
    if isinstance(prepared, PreparedOptimization) and record.run_key not in ledger.live:
        resumed = msgspec.structs.replace(prepared, resumed=prepared.resumed or record.attempt)
        await ledger.submit(resumed, record.request, force=True)
