"""The runs that one connection follows: which of them can be told what, and when.

A direct subscription goes through these states, and while it is opening its slot collects live states beside the
snapshot that is being read; the highest revision wins:

    opening --opened--> live --final or removal sent, or unsubscribed--> gone
    opening --unknown run, error--> gone
"""

from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum, auto
from itertools import count
from typing import Final

from server.contract.messages import MessageId, TopicRun
from server.contract.problems import ForgeError
from server.contract.run import Revision
from server.live.effects import CloseRun, Effect, OpenRun
from server.live.news import News, Removal
from server.live.outgoing import Outgoing
from server.live.pacing import Agenda
from server.live.replies import error_reply
from server.live.track import Direct, Sent, Track

_TOPIC_RUNS: Final = 250  # more active runs than these follow the answer to the topic as snapshots
_PAST_RUNS: Final = 20_000  # ended runs of the topic whose revision is remembered


class TopicState(Enum):
    """Of the topic `runs`: not subscribed, being subscribed, answered."""

    OFF = auto()
    OPENING = auto()
    LIVE = auto()


class FollowedRuns:
    """Answers and messages go to `outgoing`, what the surroundings have to do to `effects`."""

    __slots__ = (
        "_agenda",
        "_effects",
        "_outgoing",
        "_past",
        "_tickets",
        "_topic",
        "_topic_interval_s",
        "_tracks",
        "subscribed",
    )

    def __init__(self, topic_interval_s: float, outgoing: Outgoing, effects: list[Effect]) -> None:
        self._topic_interval_s = topic_interval_s
        self._outgoing = outgoing
        self._effects = effects
        self._tickets = count(1)
        self._tracks: dict[str, Track] = {}
        self._past: OrderedDict[str, Sent] = OrderedDict()
        self._agenda = Agenda()
        self._topic = TopicState.OFF
        self.subscribed = 0

    @property
    def slots(self) -> int:
        """Runs of which something is held."""
        return len(self._tracks)

    # direct subscriptions

    def is_followed(self, run_key: str) -> bool:
        """Whether there is a direct subscription of this run already."""
        track = self._tracks.get(run_key)
        return track is not None and track.direct is not None

    def subscribe(
        self, run_key: str, floor: int, asked: Sequence[tuple[MessageId, Revision | None]], now: float
    ) -> None:
        """Follows a run until an attempt of at least `floor` ends; `asked` gets the answers."""
        track = self._track(run_key)
        if track.direct is None:
            track.direct = Direct(next(self._tickets), floor, list(asked))
            self.subscribed += 1
            self._effects.append(OpenRun(run_key, floor, track.direct.ticket))
            return
        track.direct.asked.extend(asked)
        if floor > track.direct.floor:
            track.direct.floor = floor
            self._effects.append(OpenRun(run_key, floor, track.direct.ticket))
        self._schedule(track, now)

    def unsubscribe(self, run_key: str, now: float) -> None:
        """Ends a direct subscription; a run that the topic leads to goes on at the topic's pace."""
        track = self._tracks.get(run_key)
        if track is None or track.direct is None:
            return
        self._agenda.discard(run_key)
        self._end_direct(track)
        if run_key in self._tracks:
            self._schedule(track, now)

    def opened(self, order: OpenRun, news: News, now: float) -> None:
        """The snapshot that `order` asked for was read."""
        track = self._ordered(order)
        if track is None or track.direct is None:
            return
        if track.sent is None:
            track.slot.drop_removed_before(news.rev)
        if order.attempt == track.direct.floor:
            # An attempt that is neither there nor waiting was answered from an older one, or never existed.
            track.direct.floor = min(track.direct.floor, news.attempt)
            track.direct.live = True
            if self._topic is TopicState.OFF:
                track.slot.drop_before(track.direct.floor)
        self._offer(track, news, now)

    def failed(self, order: OpenRun, error: ForgeError) -> None:
        """The run that `order` asked for cannot be followed; one that is being followed already still is."""
        track = self._ordered(order)
        if track is None or track.direct is None or track.direct.live:
            return
        for message_id, _ in track.direct.asked:
            self._outgoing.say(error_reply(error, message_id))
        self._end_direct(track)
        self._settle(track)

    def _ordered(self, order: OpenRun) -> Track | None:
        """The track of an order, unless its subscription is gone by now."""
        track = self._tracks.get(order.run_key)
        current = track is not None and track.direct is not None and track.direct.ticket == order.ticket
        return track if current else None

    def _end_direct(self, track: Track) -> None:
        track.direct = None
        self.subscribed -= 1
        self._effects.append(CloseRun(track.run_key))
        if self._topic is TopicState.OFF:
            self._forget(track)

    # the topic `runs`

    def begin_topic(self) -> None:
        """From now on the states of all runs are taken; they wait until the topic is answered."""
        if self._topic is TopicState.OFF:
            self._topic = TopicState.OPENING

    def end_topic(self) -> None:
        """Forgets all runs but those that are followed directly."""
        self._topic = TopicState.OFF
        self._past.clear()
        for track in list(self._tracks.values()):
            if track.direct is None:
                self._forget(track)
            elif track.direct.live:
                track.slot.drop_before(track.direct.floor)
            else:  # what waited at the topic's pace waits for the snapshot now
                self._agenda.discard(track.run_key)

    def answer_topic(self, active: Sequence[tuple[News, int | None]], now: float) -> list[TopicRun]:
        """The topic's answer: the `active` runs, each with its queue position."""
        self._topic = TopicState.LIVE
        runs: list[TopicRun] = []
        for news, position in active:
            track = self._track(news.run_key)
            listed = self._list(track, news, position, now) if len(runs) < _TOPIC_RUNS else None
            if listed is None:
                self._offer(track, news, now)
            else:
                runs.append(listed)
        for track in list(self._tracks.values()):
            self._schedule(track, now)
        return runs

    def _list(self, track: Track, news: News, position: int | None, now: float) -> TopicRun | None:
        """The run in the topic's answer; None when messages of its own have to tell it."""
        slot = track.slot
        if slot.newer is not None and slot.newer.rev > news.rev:
            news = slot.newer
        newer_is_sent = track.sent is not None and track.sent.rev > news.rev
        if slot.final is not None or slot.removal is not None or newer_is_sent:
            return None
        slot.newer = None
        track.sent = Sent(news.rev, news.attempt, news.final)
        track.due = now + self._topic_interval_s
        return TopicRun(
            run_key=news.run_key,
            rev=news.rev,
            run=news.snapshot.run,
            state=news.snapshot.state,
            queue_position=position,
            final=news.final,
        )

    # news

    def offer(self, item: News | Removal, now: float) -> bool:
        """A run has a newer state or is gone; True when there is something to do or to send because of it."""
        track = self._tracks.get(item.run_key)
        if track is None:
            if self._topic is TopicState.OFF:
                return False
            track = self._track(item.run_key)
        return self._offer(track, item, now)

    def _offer(self, track: Track, item: News | Removal, now: float) -> bool:
        if isinstance(item, News) and track.awaits_later_than(item):
            assert track.direct is not None
            if item.final:  # what became of the awaited attempt? It may have been answered from this one.
                self._effects.append(OpenRun(track.run_key, track.direct.floor, track.direct.ticket))
            if self._topic is TopicState.OFF:
                return item.final
        if track.sent is None or item.rev > track.sent.rev:
            track.slot.offer(item)
        return self._schedule(track, now)

    def _schedule(self, track: Track, now: float) -> bool:
        """Puts the run on the agenda if something of it can be sent, now or later."""
        if track.direct is not None and track.direct.live:
            due = now
        elif self._topic is TopicState.LIVE:
            due = now if track.urgent else track.due
        else:
            return False
        if not track.slot and not track.answerable:
            self._settle(track)
            return False
        return self._agenda.add(track.run_key, due, now)

    # the express lane

    def sole(self) -> tuple[str, Sent] | None:
        """The only followed run with what was sent last, if a plain update is all that can come next."""
        if self._topic is not TopicState.OFF or len(self._tracks) != 1:
            return None
        (track,) = self._tracks.values()
        direct, sent = track.direct, track.sent
        if direct is None or not direct.live or direct.asked or track.slot or sent is None:
            return None
        return None if sent.final or sent.attempt < direct.floor else (track.run_key, sent)

    def resume(self, run_key: str, sent: Sent) -> None:
        """Takes note of what was sent past this session."""
        self._tracks[run_key].sent = sent

    # sending

    def next_due(self) -> float | None:
        """When `tell_next` has something; None as long as nothing happens."""
        return self._agenda.next_due()

    def tell_next(self, now: float) -> bool:
        """Puts the messages of the next run that is due on the way; False when none is."""
        run_key = self._agenda.pop(now)
        if run_key is None:
            return False
        track = self._tracks[run_key]
        for item in track.slot.take():
            self._outgoing.forward(track.tell(item, self._outgoing.codec))
            if track.ends_direct():
                self._end_direct(track)
            if run_key not in self._tracks:  # nobody follows it any more: what is newer is not asked for
                return True
        self._outgoing.forward(track.confirm(self._outgoing.codec))
        track.due = now + self._topic_interval_s
        self._settle(track)
        return True

    def _settle(self, track: Track) -> None:
        """Ends the direct subscription when its end is sent; keeps of a run that ended no more than its revision,
        and nothing of one that was asked for and never heard of."""
        if track.ends_direct():
            self._end_direct(track)
        if track.direct is not None or track.slot or track.run_key not in self._tracks:
            return
        if track.sent is None:
            self._forget(track)
        elif track.sent.final:
            self._forget(track)
            self._past[track.run_key] = track.sent
            if len(self._past) > _PAST_RUNS:
                self._past.popitem(last=False)

    def _track(self, run_key: str) -> Track:
        track = self._tracks.get(run_key)
        if track is None:
            track = self._tracks[run_key] = Track(run_key, sent=self._past.pop(run_key, None))
        return track

    def _forget(self, track: Track) -> None:
        del self._tracks[track.run_key]
        self._agenda.discard(track.run_key)
