"""Where a sweep looks for trials that are finished already."""

from typing import Final

import msgspec

from server.contract.requests import RunKind
from server.runs.prepared import PreparedOptimization
from server.store.port import RunStore, TrialSource
from server.store.results import ResultFiles

_SOURCES_LIMIT: Final = 10_000
"""The newest attempts of a family: most of them single backtests, each a small file to read."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """The folder of an attempt that may hold trials; `same_run`: of the very run that looks for them."""

    folder: str
    kind: RunKind
    same_run: bool


async def earlier_attempts(
    store: RunStore, results: ResultFiles, prepared: PreparedOptimization, attempt: int | None = None
) -> dict[str, list[Earlier]]:
    """The attempts, the newest first, from which `attempt` of this run may take trials over, by the families of its
    trials; None: a first one.

    A forced attempt computes everything anew: it takes over what was finished since it was asked for, by itself
    before a restart interrupted it.
    """
    return {
        family: [
            Earlier(
                folder=str(results.attempt_dir(source.run_key, source.attempt)),
                kind=source.kind,
                same_run=source.run_key == prepared.run_key,
            )
            for source in await store.trial_sources(family, _SOURCES_LIMIT)
            if _is_open_to(prepared, attempt, source)
        ]
        for family in prepared.families
    }


def _is_open_to(prepared: PreparedOptimization, attempt: int | None, source: TrialSource) -> bool:
    if source.run_key == prepared.run_key and source.attempt == attempt:
        return False
    if not prepared.forced:
        return True
    since = prepared.resumed
    return since is not None and source.run_key == prepared.run_key and source.attempt >= since
