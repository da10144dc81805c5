"""The broker as the rest of the server knows it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

from server.contract.messages import Topic
from server.contract.run import Revision, RunSnapshot


class Published(NamedTuple):
    """A run has a newer state."""

    snapshot: RunSnapshot


class RunRemoved(NamedTuple):
    """A run was deleted at revision `rev`."""

    run_key: str
    rev: Revision


class TopicChanged(NamedTuple):
    """A strategy, a data set or the system changed; `data` is the REST item."""

    topic: Topic
    data: Any


class Resync(NamedTuple):
    """News may have been lost: read the snapshots again."""


BrokerEvent = Published | RunRemoved | TopicChanged | Resync
Deliver = Callable[[BrokerEvent], None]
"""Called on the event loop, in order; must neither block nor raise."""


class BrokerHealth(NamedTuple):
    """`name` is memory or redis; `detail` says what is wrong when not `up`."""

    name: str
    up: bool
    detail: str | None = None


class Broker(Protocol):
    """Carries run states from the owner to the subscribers of a RunKey; refuses older revisions."""

    async def publish(self, snapshot: RunSnapshot) -> bool:
        """Keeps and delivers a state; False when a revision at least as new is there already."""
        ...

    async def remove(self, run_key: str, rev: Revision) -> None:
        """Forgets a run and tells its subscribers, unless something newer was published."""
        ...

    async def announce(self, topic: Topic, data: Any) -> None:
        """Tells the subscribers of a topic of a change (topics other than `runs`)."""
        ...

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """The newest published state, None when it is not (any more) here: then the store knows."""
        ...

    def subscribe(self, run_key: str, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """Entered once the broker has acknowledged: everything published after that is delivered."""
        ...

    def subscribe_topic(self, topic: Topic, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """The same for a topic; `runs` delivers the states of every run."""
        ...

    def health(self) -> BrokerHealth:
        """How the broker is, without asking it."""
        ...
