"""Following a run: the socket first, the status while that is lost, the socket again."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

import msgspec
import pytest

from server.client.errors import ConnectionFailed, ProblemError
from server.client.follow import Link, Pace, Sources, follow, snapshot_of
from server.client.socket import SocketLost
from server.contract.run import RunSnapshot, flat_status
from server.contract.status import AnyStatus, decode_status
from tests.states import state_of

PACE = Pace(poll_s={"backtest": 0.0, "optimization": 0.0}, least_delay_s=0.0, most_delay_s=0.0)
SELDOM = Pace(poll_s={"backtest": 3600.0, "optimization": 3600.0}, least_delay_s=0.0, most_delay_s=0.0)


def status_of(snapshot: RunSnapshot) -> AnyStatus:
    """The same as the status endpoint answers it."""
    extra = {"result": None, "label": None, "barTime": None, "equity": None}
    flat = flat_status(snapshot, queue_position=None, result_attempt=None, extra=extra)
    return decode_status(msgspec.json.encode(flat))


def at(seq: int) -> RunSnapshot:
    """A running state."""
    return snapshot_of(status_of(state_of(rev=(1, seq))))


def end(seq: int, attempt: int = 1) -> RunSnapshot:
    """A final state."""
    return snapshot_of(status_of(state_of(rev=(attempt, seq), status="Completed", attempt=attempt)))


def waiting(seq: int) -> RunSnapshot:
    """The second attempt, not visible yet: it carries the revision of the first."""
    return snapshot_of(status_of(state_of(rev=(1, seq), status="Pending", attempt=2)))


class Server:
    """Plays scripted connections and answers; a connection whose script ends is lost."""

    def __init__(
        self,
        *connections: list[RunSnapshot | Exception],
        answers: list[RunSnapshot | Exception] | None = None,
    ) -> None:
        self._connections = deque(connections)
        self._answers = deque(answers or [])
        self.resumed_from: list[RunSnapshot | None] = []
        self.asked = 0
        self.links: list[Link] = []

    @property
    def sources(self) -> Sources:
        """Both ways to this server."""
        return Sources(socket=self._socket, status=self._status)

    async def _socket(self, last: RunSnapshot | None) -> AsyncGenerator[RunSnapshot, None]:
        self.resumed_from.append(last)
        for step in self._connections.popleft() if self._connections else []:
            await asyncio.sleep(0)
            if isinstance(step, Exception):
                raise step
            yield step
            if step.final:
                return
        raise SocketLost("the script ended")

    async def _status(self) -> AnyStatus:
        self.asked += 1
        step = self._answers.popleft() if self._answers else ConnectionFailed("http://there", "gone")
        if isinstance(step, Exception):
            raise step
        return status_of(step)

    async def follow(self, attempt: int | None = None, pace: Pace = PACE, patience_s: float = 60) -> list[RunSnapshot]:
        """All that a follower is given."""
        return [one async for one in follow(self.sources, attempt, pace, patience_s, self.links.append)]


async def test_the_socket_alone_is_enough() -> None:
    server = Server([at(1), at(2), end(3)])
    assert await server.follow() == [at(1), at(2), end(3)]
    assert (server.asked, server.links) == (0, [])


async def test_a_lost_socket_is_taken_up_from_the_newest_state() -> None:
    server = Server([at(1), at(2)], [at(3), end(4)], answers=[at(2)])
    assert await server.follow() == [at(1), at(2), at(3), end(4)]
    assert server.resumed_from == [None, at(2)]
    assert server.links == ["polling", "live"]


async def test_what_is_polled_is_where_the_socket_resumes() -> None:
    server = Server([at(1)], [end(9)], answers=[at(5)])
    assert await server.follow() == [at(1), at(5), end(9)]
    assert server.resumed_from == [None, at(5)]


async def test_without_a_socket_the_status_leads_to_the_end() -> None:
    server = Server(answers=[at(1), at(1), at(2), end(3)])
    assert await server.follow() == [at(1), at(2), end(3)]
    assert server.links == ["polling"]


async def test_a_state_that_is_not_newer_is_not_given_again() -> None:
    server = Server([at(2), at(1), at(2), end(3)])
    assert await server.follow() == [at(2), end(3)]


async def test_revisions_of_another_home_do_not_compare() -> None:
    elsewhere = end(1)
    elsewhere = msgspec.structs.replace(elsewhere, run=msgspec.structs.replace(elsewhere.run, store_id="another"))
    server = Server([at(7)], [elsewhere], answers=[at(7)])
    assert await server.follow() == [at(7), elsewhere]


async def test_the_status_is_asked_no_more_often_than_its_pace() -> None:
    server = Server([], [], [], [end(5)], answers=[at(1)])
    assert await server.follow(pace=SELDOM) == [at(1), end(5)]
    assert server.asked == 1


async def test_an_older_end_is_shown_but_is_not_the_end_while_the_awaited_attempt_is_to_come() -> None:
    server = Server([end(1)], [end(2, attempt=2)], answers=[waiting(1)])
    assert await server.follow(attempt=2) == [end(1), end(2, attempt=2)]
    assert server.resumed_from == [None, end(1)]


async def test_an_attempt_answered_from_the_one_before_ends_with_that_one() -> None:
    server = Server([waiting(1), end(2)], answers=[end(2)])
    assert await server.follow(attempt=2) == [waiting(1), end(2)]
    assert (server.asked, server.links) == (1, [])


async def test_what_became_of_the_awaited_attempt_is_asked_at_once() -> None:
    server = Server([], [end(2)], answers=[waiting(1), end(2)])
    assert await server.follow(attempt=2, pace=SELDOM) == [waiting(1), end(2)]


async def test_what_became_of_the_awaited_attempt_is_asked_until_it_is_answered() -> None:
    gone = ConnectionFailed("http://there", "gone")
    server = Server([end(2)], [], answers=[gone, end(2)])
    assert await server.follow(attempt=2) == [end(2)]
    assert server.asked == 2


async def test_an_attempt_answered_from_the_one_before_ends_without_a_socket_too() -> None:
    server = Server(answers=[waiting(1), end(2)])
    assert await server.follow(attempt=2) == [waiting(1), end(2)]


async def test_a_later_attempt_than_the_awaited_one_ends_it_too() -> None:
    server = Server([end(1, attempt=3)])
    assert await server.follow(attempt=2) == [end(1, attempt=3)]
    assert server.asked == 0


async def test_a_server_that_never_answered_fails_at_once() -> None:
    server = Server()
    with pytest.raises(ConnectionFailed):
        await server.follow()
    assert (server.asked, server.links) == (1, [])


async def test_a_server_that_goes_away_is_waited_for() -> None:
    gone = ConnectionFailed("http://there", "gone")
    server = Server([at(1)], [], [], [end(2)], answers=[gone, gone, gone])
    assert await server.follow() == [at(1), end(2)]


async def test_patience_ends() -> None:
    server = Server([at(1)])
    with pytest.raises(ConnectionFailed):
        await server.follow(patience_s=0)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_is_asked_again(status: int) -> None:
    server = Server(answers=[ProblemError("draining", "busy", status=status), end(1)])
    assert await server.follow() == [end(1)]


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_refusal_that_lasts_ends_the_following(status: int) -> None:
    server = Server(answers=[ProblemError("run_not_found", "no such run", status=status)])
    with pytest.raises(ProblemError, match="no such run"):
        await server.follow()


async def test_a_refusal_on_the_socket_ends_the_following() -> None:
    server = Server([at(1), ProblemError("run_not_found", "was deleted", status=404)])
    with pytest.raises(ProblemError, match="was deleted"):
        await server.follow()


async def test_a_follower_that_stops_closes_the_socket() -> None:
    closed = asyncio.Event()

    async def endless(_: RunSnapshot | None) -> AsyncGenerator[RunSnapshot, None]:
        try:
            for seq in range(1, 1000):
                yield at(seq)
        finally:
            closed.set()

    states = follow(Sources(socket=endless, status=Server().sources.status), None, PACE, 60)
    assert await anext(states) == at(1)
    await states.aclose()
    assert closed.is_set()


def test_the_flat_status_is_what_the_socket_would_have_sent() -> None:
    sent = state_of(rev=(1, 3))
    read = snapshot_of(status_of(sent))
    assert (read.run, read.rev) == (sent.run, sent.rev)
    assert (read.state.status, read.state.processed, read.state.equity) == ("Running", 30, None)


def test_delays_spread_up_to_a_bound_that_doubles() -> None:
    pace = Pace()
    for failures, bound_s in ((0, 0.2), (1, 0.4), (5, 6.4), (6, 8.0), (10_000, 8.0)):
        assert all(0 <= pace.delay_s(failures) <= bound_s for _ in range(50))
