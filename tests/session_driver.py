"""A session with a clock of its own, without a socket."""

import json
from typing import Any

import msgspec

from server.contract.messages import ServerMessage
from server.contract.run import RunSnapshot
from server.live.effects import Effect, OpenRun, OpenTopic
from server.live.news import News
from server.live.options import LiveOptions
from server.live.session import Session

_MESSAGE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(ServerMessage)


def messages_of(frame: bytes) -> list[Any]:
    """The messages of a frame of the server, decoded strictly."""
    raw = msgspec.json.decode(frame, type=list[msgspec.Raw]) if frame[:1] == b"[" else [frame]
    return [_MESSAGE.decode(part) for part in raw]


class SessionDriver:
    """Says what a client says, does what the surroundings do; `now` (s) moves only when it is set."""

    def __init__(self, *, solo: bool = False, **options: Any) -> None:
        self.now = 100.0
        self.session = Session(LiveOptions(**options), store_id="home", now=self.now, solo=solo)
        self.ids = 0

    def say(self, type_: str, **fields: Any) -> None:
        """One message; an id is given unless there is one."""
        self.ids += 1
        self.send(json.dumps({"type": type_, "id": self.ids} | fields))

    def send(self, frame: str | bytes) -> None:
        """One frame as it is."""
        self.session.frame_received(frame, self.now)

    def closed_with(self) -> int | None:
        """The code with which the connection ends, None while it lives."""
        closing = self.session.closing
        return None if closing is None else int(closing.code)

    def frames(self) -> list[bytes]:
        """Everything that is due now."""
        found = []
        while (frame := self.session.next_frame(self.now)) is not None:
            found.append(frame)
        return found

    def heard(self) -> list[Any]:
        """The same as messages."""
        return [message for frame in self.frames() for message in messages_of(frame)]

    def effects(self) -> list[Effect]:
        """What the surroundings are asked for."""
        return self.session.take_effects()

    def order(self) -> OpenRun:
        """The one run that is to be opened now."""
        (order,) = self.effects()
        assert isinstance(order, OpenRun)
        return order

    def topic_order(self) -> OpenTopic:
        """The one topic that is to be opened now."""
        (order,) = self.effects()
        assert isinstance(order, OpenTopic)
        return order

    def opened(self, order: OpenRun, snapshot: RunSnapshot | None) -> None:
        """The snapshot was read."""
        self.session.run_opened(order, None if snapshot is None else News(snapshot), self.now)

    def follow(self, snapshot: RunSnapshot, **fields: Any) -> list[Any]:
        """Subscribes, finds this snapshot, and answers with what was heard."""
        self.say("subscribe", runKey=snapshot.run_key, **fields)
        self.opened(self.order(), snapshot)
        return self.heard()

    def follow_topic(self, *active: RunSnapshot) -> list[Any]:
        """Subscribes to the topic `runs`, in which these runs are active, waiting in this order."""
        self.say("subscribe", topic="runs")
        listed = [(News(snapshot), position) for position, snapshot in enumerate(active, 1)]
        self.session.topic_opened(self.topic_order(), listed, self.now)
        return self.heard()

    def offer(self, *snapshots: RunSnapshot) -> None:
        """These were published."""
        for snapshot in snapshots:
            self.session.offer(News(snapshot), self.now)

    def tell(self, *snapshots: RunSnapshot) -> list[Any]:
        """These were published; what was heard of it."""
        self.offer(*snapshots)
        return self.heard()
