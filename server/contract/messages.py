"""The WebSocket messages, each an object with `type`."""

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from server.contract.base import Model
from server.contract.problems import ProblemCode
from server.contract.run import Revision, RunInfo, RunState

Topic = Literal["runs", "strategies", "datasets", "downloads", "system"]
MessageId = str | int


class Welcome(Model, frozen=True, kw_only=True, tag_field="type", tag="welcome"):
    """The first message on `/ws`."""

    protocol: str
    server: str
    store_id: str
    max_subscriptions: int
    max_frame_bytes: int


class Snapshot(Model, frozen=True, kw_only=True, tag_field="type", tag="snapshot"):
    """A run as it stands; with `current` (and no `run`, `state`) the client's revision is the newest."""

    run_key: str
    rev: Revision
    id: MessageId | UnsetType = UNSET
    run: RunInfo | UnsetType = UNSET
    state: RunState | UnsetType = UNSET
    final: bool | UnsetType = UNSET
    current: bool | UnsetType = UNSET


class Update(Model, frozen=True, kw_only=True, tag_field="type", tag="update"):
    """All that can change in a run; `t` (monotonic ns) in a benchmark alone."""

    run_key: str
    attempt: int
    rev: Revision
    state: RunState
    final: bool
    t: int | UnsetType = UNSET


class TopicRun(Model, frozen=True, kw_only=True):
    """One active run in the answer to a topic subscription."""

    run_key: str
    rev: Revision
    run: RunInfo
    state: RunState
    queue_position: int | None
    final: bool


class TopicSnapshot(Model, frozen=True, kw_only=True, tag_field="type", tag="topic"):
    """The answer to a topic subscription: the active runs for `runs`, empty for the others."""

    id: MessageId
    topic: Topic
    runs: list[TopicRun]


class Changed(Model, frozen=True, kw_only=True, tag_field="type", tag="changed"):
    """A REST item that changed, or `{id or name, removed: true}`."""

    topic: Topic
    data: Any


class Removed(Model, frozen=True, kw_only=True, tag_field="type", tag="removed"):
    """A run was deleted."""

    run_key: str
    rev: Revision


class Unsubscribed(Model, frozen=True, kw_only=True, tag_field="type", tag="unsubscribed"):
    """A subscription ended at the client's wish."""

    id: MessageId | UnsetType = UNSET
    run_key: str | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET


class Pong(Model, frozen=True, kw_only=True, tag_field="type", tag="pong"):
    """The answer to `ping`."""

    id: MessageId


class ErrorMessage(Model, frozen=True, kw_only=True, tag_field="type", tag="error"):
    """A client's message could not be served; the connection lives."""

    code: ProblemCode
    title: str
    detail: str
    retryable: bool
    id: MessageId | UnsetType = UNSET


ServerMessage = Welcome | Snapshot | Update | TopicSnapshot | Changed | Removed | Unsubscribed | Pong | ErrorMessage


class Subscribe(Model, frozen=True, kw_only=True, tag_field="type", tag="subscribe", forbid_unknown_fields=True):
    """Follow a run (from `rev` on, at least `attempt`) or a topic: exactly one of `runKey` and `topic`."""

    id: MessageId
    run_key: str | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET
    rev: Revision | UnsetType = UNSET
    attempt: int | UnsetType = UNSET


class Unsubscribe(Model, frozen=True, kw_only=True, tag_field="type", tag="unsubscribe", forbid_unknown_fields=True):
    """End a subscription."""

    id: MessageId
    run_key: str | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET


class Ping(Model, frozen=True, kw_only=True, tag_field="type", tag="ping", forbid_unknown_fields=True):
    """Asks for a `pong` with the same id."""

    id: MessageId


ClientMessage = Subscribe | Unsubscribe | Ping
