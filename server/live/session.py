"""The WebSocket protocol of one connection as a state machine that does no I/O.

Frames of the client and news of runs go in with the time (monotonic seconds); what comes out are effects for the
surroundings to carry out, frames by `next_frame`, and `closing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, assert_never

from msgspec import UNSET

from server.contract.messages import (
    ClientMessage,
    MessageId,
    Ping,
    Pong,
    Subscribe,
    Topic,
    TopicSnapshot,
    Unsubscribe,
    Unsubscribed,
    Welcome,
)
from server.contract.problems import ForgeError, RunNotFound
from server.live.codec import JSON, MAX_JOINED, Codec
from server.live.decoding import Refusal, decode_frame
from server.live.effects import Close, CloseCode, CloseTopic, Effect, OpenRun, OpenTopic
from server.live.followed import FollowedRuns
from server.live.news import Change, News, Removal
from server.live.options import LiveOptions
from server.live.outgoing import Outgoing
from server.live.pacing import FrameBudget
from server.live.replies import error_reply
from server.live.track import Sent

_FRAME_BYTES: Final = 16_384
"""A batch ends at the message that goes over this. What does not fit into the send buffer waits for the peer to
acknowledge, which it may put off by 40 ms: with frames of 64 KB a socket got no more than 27 a second."""


@dataclass(slots=True)
class _TopicFollowing:
    ticket: int
    live: bool = False


class Session:
    """One connection. With `solo` it follows the one run given to `follow`, and closes after its end."""

    __slots__ = (
        "_budget",
        "_changes",
        "_closing",
        "_effects",
        "_malformed",
        "_options",
        "_outgoing",
        "_runs",
        "_solo",
        "_tickets",
        "_topics",
    )

    def __init__(
        self, options: LiveOptions, *, store_id: str, now: float, codec: Codec = JSON, solo: bool = False
    ) -> None:
        self._options = options
        self._solo = solo
        self._budget = FrameBudget(options.frames_per_s, options.frame_burst, now)
        self._malformed = 0
        self._tickets = count(1)
        self._topics: dict[Topic, _TopicFollowing] = {}
        self._changes: dict[tuple[Topic, str], Change] = {}
        self._outgoing = Outgoing(codec)
        self._effects: list[Effect] = []
        self._runs = FollowedRuns(options.topic_interval_s, self._outgoing, self._effects)
        self._closing: Close | None = None
        if not solo:
            self._send_welcome(store_id)

    def _send_welcome(self, store_id: str) -> None:
        welcome = Welcome(
            protocol=self.codec.subprotocol,
            server=self._options.server,
            store_id=store_id,
            max_subscriptions=self._options.max_subscriptions,
            max_frame_bytes=self._options.max_frame_bytes,
        )
        self._outgoing.say(welcome)

    @property
    def codec(self) -> Codec:
        """The form in which this connection speaks."""
        return self._outgoing.codec

    @property
    def closing(self) -> Close | None:
        """How the connection is to end once `next_frame` has nothing left; None while it lives."""
        return self._closing

    @property
    def subscriptions(self) -> int:
        """Runs and topics that the client has subscribed to."""
        return self._runs.subscribed + len(self._topics)

    @property
    def slots(self) -> int:
        """Runs of which this connection holds what was sent or is unsent."""
        return self._runs.slots

    @property
    def backlog(self) -> int:
        """Answers that are unsent: a client that asks and does not read must be made to wait."""
        return len(self._outgoing)

    def take_effects(self) -> list[Effect]:
        """What the surroundings have to do now."""
        effects = self._effects[:]
        self._effects.clear()
        return effects

    def close(self, code: CloseCode, reason: str) -> None:
        """Ends the connection after what is answered already."""
        if self._closing is None:
            self._closing = Close(code, reason)

    # what the client says

    def follow(self, run_key: str, attempt: int, now: float) -> None:
        """Subscribes without a message, for the single-run form; `attempt` 0 for any."""
        self._runs.subscribe(run_key, attempt, (), now)

    def frame_received(self, frame: str | bytes, now: float) -> None:
        """A text frame (str) or a binary one (bytes)."""
        payload = frame.encode() if isinstance(frame, str) else frame
        if isinstance(frame, str) != self.codec.is_text:
            kind = "text" if self.codec.is_text else "binary"
            self.close(CloseCode.WRONG_KIND, f"{self.codec.subprotocol} takes {kind} frames")
        elif len(payload) > self._options.max_frame_bytes:
            self.close(CloseCode.TOO_BIG, f"a frame may have {self._options.max_frame_bytes} bytes")
        else:
            for message in decode_frame(payload, self.codec):
                if self.closing is not None:
                    return
                self._receive(message, now)

    def _receive(self, message: ClientMessage | Refusal, now: float) -> None:
        if not self._budget.spend(now):
            self.close(CloseCode.OVER_LIMIT, f"more than {self._options.frames_per_s:g} messages a second")
        elif isinstance(message, Refusal):
            self._refuse(message)
        elif self._solo and not isinstance(message, Ping):
            detail = "This socket follows one run; /ws takes subscriptions."
            self._outgoing.say(error_reply(ForgeError("unknown_message", detail), message.id))
        else:
            self._malformed = 0
            self._serve(message, now)

    def _refuse(self, refusal: Refusal) -> None:
        self._outgoing.say(error_reply(ForgeError(refusal.code, refusal.detail), refusal.message_id))
        self._malformed = self._malformed + 1 if refusal.malformed else 0
        if self._malformed >= self._options.malformed_limit:
            self.close(CloseCode.MALFORMED, "malformed again and again")

    def _serve(self, message: ClientMessage, now: float) -> None:
        match message:
            case Ping(id=message_id):
                self._outgoing.say(Pong(id=message_id))
            case Subscribe(topic=str(topic)):
                self._subscribe_topic(topic, message.id)
            case Subscribe(run_key=str(run_key)):
                self._subscribe_run(run_key, message, now)
            case Unsubscribe(topic=str(topic)):
                self._end_topic(topic)
                self._outgoing.say(Unsubscribed(id=message.id, topic=topic))
            case Unsubscribe(run_key=str(run_key)):
                self._runs.unsubscribe(run_key, now)
                self._outgoing.say(Unsubscribed(id=message.id, run_key=run_key))
            case Subscribe() | Unsubscribe():
                raise AssertionError("the decoder lets neither both of run and topic through, nor none")
            case _:
                assert_never(message)

    def _subscribe_run(self, run_key: str, message: Subscribe, now: float) -> None:
        if self._runs.is_followed(run_key) or self._has_room(message.id):
            rev = None if message.rev is UNSET else message.rev
            floor = 0 if message.attempt is UNSET else message.attempt
            self._runs.subscribe(run_key, floor, [(message.id, rev)], now)

    def _subscribe_topic(self, topic: Topic, message_id: MessageId) -> None:
        following = self._topics.get(topic)
        if following is None:
            if not self._has_room(message_id):
                return
            following = self._topics[topic] = _TopicFollowing(next(self._tickets))
            if topic == "runs":
                self._runs.begin_topic()
        self._effects.append(OpenTopic(topic, following.ticket, message_id))

    def _end_topic(self, topic: Topic) -> None:
        if self._topics.pop(topic, None) is None:
            return
        self._effects.append(CloseTopic(topic))
        for key in [key for key in self._changes if key[0] == topic]:
            del self._changes[key]
        if topic == "runs":
            self._runs.end_topic()

    def _has_room(self, message_id: MessageId) -> bool:
        if self.subscriptions < self._options.max_subscriptions:
            return True
        detail = f"A connection may hold {self._options.max_subscriptions:,} subscriptions."
        self._outgoing.say(error_reply(ForgeError("too_many_subscriptions", detail), message_id))
        return False

    # what the surroundings say

    def run_opened(self, order: OpenRun, news: News | None, now: float) -> None:
        """The run of `order` is followed and its snapshot was read; None when the run is unknown."""
        if news is None:
            self.run_failed(order, RunNotFound(order.run_key))
        else:
            self._runs.opened(order, news, now)

    def run_failed(self, order: OpenRun, error: ForgeError) -> None:
        """The run of `order` cannot be followed, or not be read; one that is followed already still is."""
        self._runs.failed(order, error)
        if self._solo and not self._runs.subscribed and self._closing is None:
            # 1000 would say that the run has ended, and nobody would come back for its end.
            self._outgoing.say(error_reply(error))
            self.close(CloseCode.RESTART if error.retryable else CloseCode.DONE, error.title)

    def topic_opened(self, order: OpenTopic, active: Sequence[tuple[News, int | None]], now: float) -> None:
        """A topic is followed; `active` runs with their queue positions, none unless the topic is `runs`."""
        following = self._topics.get(order.topic)
        if following is None or following.ticket != order.ticket:
            return
        following.live = True
        runs = self._runs.answer_topic(active, now) if order.topic == "runs" else []
        self._outgoing.say(TopicSnapshot(id=order.message_id, topic=order.topic, runs=runs))

    def topic_failed(self, order: OpenTopic, error: ForgeError) -> None:
        """The topic of `order` cannot be followed; one that is followed already still is."""
        following = self._topics.get(order.topic)
        if following is None or following.ticket != order.ticket:
            return
        self._outgoing.say(error_reply(error, order.message_id))
        if not following.live:
            self._end_topic(order.topic)

    def offer(self, item: News | Removal | Change, now: float) -> bool:
        """Something happened that this connection may follow; True when there is something to do or to send."""
        if not isinstance(item, Change):
            return self._runs.offer(item, now) or bool(self._effects)
        if item.topic not in self._topics:
            return False
        self._changes[item.topic, item.item] = item
        return True

    # what is sent

    def next_frame(self, now: float) -> bytes | None:
        """The next frame; None when nothing is due. What it holds counts as sent."""
        messages: list[bytes] = []
        size = 0
        limit = 1 if self._solo else _FRAME_BYTES
        while size < limit and len(messages) < MAX_JOINED and self._has_outgoing(now):
            messages.append(self._outgoing.next())
            size += len(messages[-1])
        return self.codec.join(messages) if messages else None

    def next_due(self) -> float | None:
        """When `next_frame` has something again: a past time for at once, None as long as nothing happens."""
        if self._outgoing or self._changes or self._closing is not None:
            return 0.0
        return self._runs.next_due()

    # the express lane

    def express(self) -> tuple[str, Sent] | None:
        """The one run that is followed and what was told of it last, when nothing else is or waits to be said."""
        if self._outgoing or self._changes or self._effects or self._topics or self._closing is not None:
            return None
        return self._runs.sole()

    def resume(self, run_key: str, sent: Sent) -> None:
        """What the express lane has told of that run meanwhile."""
        self._runs.resume(run_key, sent)

    def _has_outgoing(self, now: float) -> bool:
        """Sees to it that something is outgoing if anything is due."""
        if self._outgoing:
            return True
        if self._closing is not None:
            return False
        if self._changes:
            self._outgoing.forward([change.message(self.codec) for change in self._changes.values()])
            self._changes.clear()
            return True
        while not self._outgoing and self._runs.tell_next(now):
            pass
        if self._solo and not self._runs.subscribed:
            self.close(CloseCode.DONE, "the run has ended")
        return bool(self._outgoing)
