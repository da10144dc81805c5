"""Whatever is lost, repeated, reordered, slow or changed meanwhile: a connection is told the truth, in order."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import UNSET, structs

from server.contract.messages import ErrorMessage, Removed, Snapshot, TopicSnapshot, Update
from server.contract.problems import ForgeError
from server.contract.run import TERMINAL, Revision, RunSnapshot, RunStatus
from server.live.effects import CloseRun, CloseTopic, OpenRun, OpenTopic
from server.live.news import News, Removal
from tests.session_driver import SessionDriver, messages_of
from tests.states import state_of

KEYS = ("Run-a", "Run-b")
ENDS: list[RunStatus] = ["Completed", "Failed", "Cancelled"]
AWAY = ForgeError("broker_unavailable", "The broker is away.")


class World:
    """What is true of the runs, as the owner decides it; `published` is everything a broker ever carried."""

    def __init__(self) -> None:
        self.generation = 0
        self.visible: dict[str, RunSnapshot] = {}
        self.waiting: dict[str, RunSnapshot] = {}
        self.published: list[News | Removal] = []
        self.excused: set[tuple[str, int]] = set()

    def is_active(self, run_key: str) -> bool:
        return run_key in self.visible and not self.visible[run_key].final

    def show(self, snapshot: RunSnapshot) -> None:
        self.visible[snapshot.run_key] = snapshot
        self.published.append(News(snapshot))

    def submit(self, run_key: str) -> None:
        """Starts an attempt, or lets one wait behind that which is under way."""
        before = self.visible.get(run_key)
        attempt = before.run.attempt + 1 if before else 1
        if before is not None and not before.final:
            self.waiting.setdefault(run_key, state_of(run_key, status="Pending", attempt=attempt))
        else:
            self.reveal(state_of(run_key, status="Pending", attempt=attempt))

    def reveal(self, hidden: RunSnapshot) -> None:
        self.generation += 1
        self.show(structs.replace(hidden, rev=Revision(self.generation, 1)))

    def advance(self, run_key: str, status: RunStatus) -> None:
        now = self.visible[run_key]
        rev = (now.rev.generation, now.rev.seq + 1)
        self.show(state_of(run_key, rev, status, now.run.attempt))
        if status not in TERMINAL:
            return
        waiting = self.waiting.pop(run_key, None)
        if waiting is None:
            return
        if status == "Completed":
            self.excused.add((run_key, waiting.run.attempt))
        else:
            self.reveal(waiting)

    def remove(self, run_key: str) -> None:
        gone = self.visible.pop(run_key)
        self.generation += 1
        self.published.append(Removal(run_key, Revision(self.generation, 0)))
        self.excused |= {(run_key, attempt) for attempt in range(1, gone.run.attempt + 1)}

    def read(self, run_key: str, attempt: int) -> RunSnapshot | None:
        """As the run directory answers."""
        now, waiting = self.visible.get(run_key), self.waiting.get(run_key)
        if now is not None and waiting is not None and attempt > now.run.attempt:
            return structs.replace(waiting, rev=now.rev)
        return now

    def newest(self, run_key: str) -> News | Removal | None:
        """What a re-read finds: the state, or that there is none any more."""
        if run_key in self.visible:
            return News(self.visible[run_key])
        gone = [item for item in self.published if item.run_key == run_key]
        return gone[-1] if gone else None


class Client:
    """What a client makes of what it hears; it complains about what must not be said."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.floors: dict[str, int] = {}
        self.unanswered: dict[int, tuple[str, RunSnapshot | None]] = {}
        """By message id: the run asked for, and the state that was said to be known."""
        self.topic = False
        self.seen: dict[str, tuple[Revision, int, bool]] = {}
        """Of each followed run: the newest revision, its attempt (0: removed), whether that was an end."""
        self.ended: set[str] = set()

    def follows(self, run_key: str) -> bool:
        return run_key in self.floors or self.topic

    def hear(self, message: Any) -> None:
        match message:
            case TopicSnapshot():
                for listed in message.runs:
                    before = self.seen.get(listed.run_key)
                    assert before is None or before[0] <= listed.rev
                    self.note(listed.run_key, listed.rev, listed.run.attempt, listed.final)
            case Snapshot(current=True):
                self.hear_current(message)
            case Snapshot():
                assert message.run is not UNSET
                if isinstance(message.id, int):
                    del self.unanswered[message.id]
                self.told(message.run_key, message.rev, message.run.attempt, message.final is True)
            case Update():
                assert self.seen[message.run_key][1] == message.attempt, "an attempt begins with a snapshot"
                self.told(message.run_key, message.rev, message.attempt, message.final)
            case Removed():
                self.told(message.run_key, message.rev, 0, final=True)
            case ErrorMessage(id=int(message_id)):
                question = self.unanswered.pop(message_id, None)
                if question is not None:  # there is no such run (any more): the subscription has ended with that
                    self.ended.add(question[0])

    def hear_current(self, message: Snapshot) -> None:
        assert isinstance(message.id, int)
        run_key, known = self.unanswered.pop(message.id)
        if run_key not in self.seen:
            assert known is not None
            self.seen[run_key] = (known.rev, known.run.attempt, known.final)
        rev, attempt, final = self.seen[run_key]
        assert (message.run_key, message.rev, message.final) == (run_key, rev, final)
        assert attempt > 0, "a removed run is not current"
        self.note(run_key, rev, attempt, final)

    def told(self, run_key: str, rev: Revision, attempt: int, final: bool) -> None:
        assert self.follows(run_key), "nobody asked"
        assert run_key not in self.seen or self.seen[run_key][0] < rev, "revisions rise"
        self.note(run_key, rev, attempt, final)

    def note(self, run_key: str, rev: Revision, attempt: int, final: bool) -> None:
        self.seen[run_key] = (rev, attempt, final)
        if self.has_end(run_key):
            self.ended.add(run_key)

    def has_end(self, run_key: str) -> bool:
        """Whether the last that was heard is an end that the direct subscription waited for."""
        if run_key not in self.floors or run_key not in self.seen:
            return False
        _, attempt, final = self.seen[run_key]
        floor = self.floors[run_key]
        return final and (attempt == 0 or attempt >= floor or (run_key, floor) in self.world.excused)

    def leave(self, run_key: str) -> None:
        """The direct subscription is over."""
        del self.floors[run_key]
        self.ended.discard(run_key)
        if not self.topic:
            self.seen.pop(run_key, None)

    def leave_topic(self) -> None:
        self.topic = False
        self.seen = {run_key: seen for run_key, seen in self.seen.items() if run_key in self.floors}


class Connections(RuleBasedStateMachine):
    """One connection, its client, and a world in which anything happens at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.driver = SessionDriver()
        self.client = Client(self.world)
        self.orders: list[OpenRun] = []
        self.reads: list[tuple[OpenRun, RunSnapshot | None]] = []
        self.topic_orders: list[OpenTopic] = []
        self.open: dict[str, int] = {}
        """Tickets of the runs that the surroundings follow for the connection."""

    # the world

    @rule(run_key=st.sampled_from(KEYS))
    def submit(self, run_key: str) -> None:
        self.world.submit(run_key)

    @rule(run_key=st.sampled_from(KEYS), end=st.sampled_from([None, None, *ENDS]))
    def advance(self, run_key: str, end: RunStatus | None) -> None:
        if self.world.is_active(run_key):
            self.world.advance(run_key, end or "Running")

    @rule(run_key=st.sampled_from(KEYS))
    def remove(self, run_key: str) -> None:
        if run_key in self.world.visible and not self.world.is_active(run_key):
            self.world.remove(run_key)

    # what arrives of it: anything that was ever published, in any order, or the newest when it is read again

    @precondition(lambda self: self.world.published)
    @rule(back=st.integers(0, 8))
    def deliver(self, back: int) -> None:
        published = self.world.published
        self.driver.session.offer(published[max(0, len(published) - 1 - back)], self.driver.now)
        self.carry_out()

    @rule(run_key=st.sampled_from(KEYS))
    def read_again(self, run_key: str) -> None:
        newest = self.world.newest(run_key)
        if newest is not None:
            self.driver.session.offer(newest, self.driver.now)
            self.carry_out()

    # the client

    @rule(
        run_key=st.sampled_from(KEYS),
        floor=st.sampled_from(["any", "any", "visible", "waiting"]),
        known=st.sampled_from(["nothing", "newest", "older"]),
    )
    def subscribe(self, run_key: str, floor: str, known: str) -> None:
        fields: dict[str, Any] = {"runKey": run_key}
        wanted = {"visible": self.world.visible, "waiting": self.world.waiting}.get(floor, {}).get(run_key)
        if wanted is not None:
            fields["attempt"] = wanted.run.attempt
        states = [item.snapshot for item in self.world.published if isinstance(item, News) and item.run_key == run_key]
        state = None if known == "nothing" or not states else states[-1 if known == "newest" else len(states) // 2]
        if state is not None:
            fields["rev"] = list(state.rev)
        self.driver.say("subscribe", **fields)
        self.client.unanswered[self.driver.ids] = (run_key, state)
        self.client.floors[run_key] = max(self.client.floors.get(run_key, 0), fields.get("attempt", 0))
        self.carry_out()

    @rule(run_key=st.sampled_from(KEYS))
    def unsubscribe(self, run_key: str) -> None:
        self.driver.say("unsubscribe", runKey=run_key)
        self.forget_questions(run_key)
        self.carry_out(at_will=True)

    @rule()
    def subscribe_topic(self) -> None:
        self.driver.say("subscribe", topic="runs")
        self.client.topic = True
        self.carry_out()

    @rule()
    def unsubscribe_topic(self) -> None:
        self.hear_all()  # an answer under way says nothing of what comes after it
        self.driver.say("unsubscribe", topic="runs")
        self.carry_out()

    @rule(text=st.sampled_from(["{", "[]", '{"type":"later","id":"other"}', '{"type":"ping","id":-1}']))
    def say_something_else(self, text: str) -> None:
        self.driver.send(text)
        self.driver.say("ping")

    # the surroundings

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 3))
    def begin_to_read(self, pick: int) -> None:
        order = self.orders.pop(pick % len(self.orders))
        self.reads.append((order, self.world.read(order.run_key, order.attempt)))

    @precondition(lambda self: self.reads)
    @rule(pick=st.integers(0, 3))
    def hand_in(self, pick: int) -> None:
        order, snapshot = self.reads.pop(pick % len(self.reads))
        self.driver.opened(order, snapshot)
        self.carry_out(at_will=snapshot is None)

    @precondition(lambda self: self.orders)
    @rule()
    def fail_to_open(self) -> None:
        self.driver.session.run_failed(self.orders.pop(0), AWAY)
        self.carry_out(at_will=True)

    @precondition(lambda self: self.topic_orders)
    @rule(fails=st.booleans())
    def open_topic(self, fails: bool) -> None:
        order = self.topic_orders.pop(0)
        if fails:
            self.hear_all()
            self.driver.session.topic_failed(order, AWAY)
        else:
            active = [(News(self.world.visible[key]), None) for key in KEYS if self.world.is_active(key)]
            self.driver.session.topic_opened(order, active, self.driver.now)
        self.carry_out()

    @rule(seconds=st.sampled_from([0.0, 0.2, 0.5]))
    def hear_a_frame(self, seconds: float) -> None:
        self.driver.now += seconds
        self.hear_next()

    def hear_next(self) -> bool:
        """The next frame that is due; False when none is."""
        frame = self.driver.session.next_frame(self.driver.now)
        for message in messages_of(frame) if frame is not None else []:
            self.client.hear(message)
        self.carry_out()
        return frame is not None

    def hear_all(self) -> None:
        while self.hear_next():
            pass

    def carry_out(self, *, at_will: bool = False) -> None:
        """Takes the effects; a subscription ends with an end that was heard, or `at_will` for another reason."""
        for effect in self.driver.effects():
            match effect:
                case OpenRun():
                    self.orders.append(effect)
                    assert self.open.setdefault(effect.run_key, effect.ticket) == effect.ticket
                case CloseRun(run_key):
                    del self.open[run_key]
                    assert at_will or run_key in self.client.ended or self.client.has_end(run_key)
                    self.client.leave(run_key)
                case OpenTopic():
                    self.topic_orders.append(effect)
                case CloseTopic():
                    self.client.leave_topic()

    def forget_questions(self, run_key: str) -> None:
        asked = self.client.unanswered
        self.client.unanswered = {number: question for number, question in asked.items() if question[0] != run_key}

    # what always holds

    @invariant()
    def what_is_followed_is_what_was_asked_for(self) -> None:
        assert set(self.open) == set(self.client.floors)
        assert self.driver.session.subscriptions == len(self.open) + self.client.topic

    @invariant()
    def what_is_held_is_bounded(self) -> None:
        assert self.driver.session.slots <= (len(KEYS) if self.client.topic else len(self.open))

    def teardown(self) -> None:
        """Everything ends, everything is read again: then everybody knows, and nothing is left."""
        for run_key in KEYS:
            while self.world.is_active(run_key):
                self.world.advance(run_key, "Completed")
        for _ in range(6):
            while self.orders:
                self.begin_to_read(0)
            while self.reads:
                self.hand_in(0)
            while self.topic_orders:
                self.open_topic(fails=False)
            for run_key in KEYS:
                self.read_again(run_key)
            self.driver.now += 1
            self.hear_all()
        assert not self.orders
        assert self.client.floors == {}, "every direct subscription had its end"
        assert self.client.unanswered == {}
        self.what_is_followed_is_what_was_asked_for()
        for run_key, (rev, _, _) in self.client.seen.items():
            newest = self.world.newest(run_key)
            assert newest is not None
            assert rev == newest.rev, "the topic knows the newest of every run"
        assert self.driver.session.slots == 0


TestConnections = Connections.TestCase
TestConnections.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
