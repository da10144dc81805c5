"""What a session asks of those around it, which do I/O."""

from enum import IntEnum
from typing import NamedTuple

from server.contract.messages import MessageId, Topic


class CloseCode(IntEnum):
    """Why a connection ends; all but 1000, 1003, 1009, 4400 and 4429 ask for a reconnect."""

    DONE = 1000
    WRONG_KIND = 1003
    TOO_BIG = 1009
    RESTART = 1012
    TOO_SLOW = 4000
    NO_PONG = 4001
    MALFORMED = 4400
    OVER_LIMIT = 4429


class OpenRun(NamedTuple):
    """Follow a run, then read its snapshot (with `attempt`, 0 for any) and hand it in with this order."""

    run_key: str
    attempt: int
    ticket: int


class CloseRun(NamedTuple):
    """Follow a run no longer."""

    run_key: str


class OpenTopic(NamedTuple):
    """Follow a topic, then hand in the active runs (none unless the topic is `runs`) with this order."""

    topic: Topic
    ticket: int
    message_id: MessageId


class CloseTopic(NamedTuple):
    """Follow a topic no longer."""

    topic: Topic


class Close(NamedTuple):
    """End the connection once what was answered is sent."""

    code: CloseCode
    reason: str


Effect = OpenRun | CloseRun | OpenTopic | CloseTopic
Order = OpenRun | OpenTopic
