"""What an attempt leaves besides its result when that is asked for: no part of the run's identity."""

import msgspec

from server.contract.base import Model
from server.runs.prepared import AnyPrepared
from server.store.port import AttemptRecord


class _Settings(Model, frozen=True, kw_only=True):
    event_log: bool = False


class _Kept(Model, frozen=True, kw_only=True):
    """The few fields of a stored `Prepared` that are needed; the others are passed over."""

    settings: _Settings


_decoder = msgspec.json.Decoder(_Kept)


def has_extras(attempt: AnyPrepared, asked: AnyPrepared) -> bool:
    """Whether this attempt leaves every extra that is asked for."""
    return attempt.settings.event_log or not asked.settings.event_log


def stored_has_extras(attempt: AttemptRecord, asked: AnyPrepared) -> bool:
    """The same of an attempt that has ended."""
    return not asked.settings.event_log or _decoder.decode(attempt.prepared).settings.event_log
