"""What is not kept for ever."""

from server.contract.base import Instant, Model
from server.contract.requests import RunKind


class PrunedRun(Model, frozen=True, kw_only=True):
    """A finished run that goes with all its files."""

    run_key: str
    kind: RunKind
    ended_at: Instant


class PrunedLog(Model, frozen=True, kw_only=True):
    """An event log that goes; the run it belongs to stays."""

    run_key: str
    attempt: int


class KeepRules(Model, frozen=True, kw_only=True):
    """How much is kept, as the settings of the server say; null keeps all."""

    runs: int | None
    days: float | None
    event_log_days: float | None
    dataset_versions: int | None


class Pruning(Model, frozen=True, kw_only=True):
    """What is beyond the rules: it goes now, or with `dry_run` would. `datasets` are ids, `bytes` what is freed.

    `more`: there is more of it than one answer names.
    """

    dry_run: bool
    rules: KeepRules
    runs: list[PrunedRun]
    event_logs: list[PrunedLog]
    datasets: list[str]
    bytes: int
    more: bool
