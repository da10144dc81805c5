"""One socket on which one run is followed, against a server that plays a script."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve

from server.client.errors import ProblemError
from server.client.socket import SocketLost, messages, socket_states
from server.contract.messages import Snapshot, Update
from server.contract.run import RunSnapshot
from tests.states import OTHER, RUN, state_of

WELCOME = {
    "type": "welcome",
    "protocol": "forge.v1.json",
    "server": "test",
    "storeId": "home",
    "maxSubscriptions": 10,
    "maxFrameBytes": 65536,
}


def snapshot_message(snapshot: RunSnapshot) -> Any:
    """The answer to a subscription."""
    return msgspec.to_builtins(
        Snapshot(
            run_key=snapshot.run_key, rev=snapshot.rev, run=snapshot.run, state=snapshot.state, final=snapshot.final
        )
    )


def update_message(snapshot: RunSnapshot) -> Any:
    """A newer state."""
    return msgspec.to_builtins(
        Update(
            run_key=snapshot.run_key,
            attempt=snapshot.run.attempt,
            rev=snapshot.rev,
            state=snapshot.state,
            final=snapshot.final,
        )
    )


class Script:
    """Welcomes, takes one subscription, sends these frames and closes."""

    def __init__(self, *frames: Any) -> None:
        self._frames = frames
        self.subscription: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    async def __call__(self, connection: ServerConnection) -> None:
        """Plays it."""
        assert connection.request is not None
        self.headers = dict(connection.request.headers.raw_items())
        await connection.send(json.dumps(WELCOME))
        self.subscription = json.loads(await connection.recv())
        for frame in self._frames:
            await connection.send(frame if isinstance(frame, bytes) else json.dumps(frame))

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """The URL under which it is played."""
        async with serve(self, "127.0.0.1", 0, subprotocols=["forge.v1.json"]) as server:  # type: ignore[list-item]  # a NewType of str
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def follow(
        self, last: RunSnapshot | None = None, attempt: int | None = None, token: str | None = None
    ) -> list[RunSnapshot]:
        """The states that a follower finds."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.served() as url:
            return [one async for one in socket_states(url, headers, RUN, attempt, last)]


async def test_a_snapshot_and_its_updates_lead_to_the_end() -> None:
    done = state_of(rev=(1, 3), status="Completed")
    script = Script(snapshot_message(state_of()), update_message(state_of(rev=(1, 2))), update_message(done))
    assert await script.follow() == [state_of(), state_of(rev=(1, 2)), done]
    assert script.subscription == {"type": "subscribe", "id": 1, "runKey": RUN}


async def test_it_resumes_with_the_newest_revision_it_knows() -> None:
    known, done = state_of(rev=(1, 7)), state_of(rev=(1, 9), status="Failed")
    current = {"type": "snapshot", "runKey": RUN, "rev": [1, 7], "current": True}
    script = Script(current, update_message(done))
    assert await script.follow(last=known) == [done]
    assert script.subscription["rev"] == [1, 7]


async def test_it_does_not_resume_in_another_home() -> None:
    known = state_of(rev=(9, 7))
    known = msgspec.structs.replace(known, run=msgspec.structs.replace(known.run, store_id="another"))
    script = Script(snapshot_message(state_of(status="Completed")))
    assert await script.follow(last=known) == [state_of(status="Completed")]
    assert "rev" not in script.subscription


async def test_it_asks_for_the_attempt_that_was_submitted() -> None:
    waiting = state_of(rev=(1, 5), status="Pending", attempt=2)
    done = state_of(rev=(2, 1), status="Completed", attempt=2)
    script = Script(snapshot_message(waiting), snapshot_message(done))
    assert await script.follow(attempt=2) == [waiting, done]
    assert script.subscription["attempt"] == 2


async def test_the_final_of_an_older_attempt_ends_it_too() -> None:
    waiting, done = state_of(rev=(1, 5), status="Pending", attempt=2), state_of(rev=(1, 6), status="Completed")
    script = Script(snapshot_message(waiting), snapshot_message(done))
    assert await script.follow(attempt=2) == [waiting, done]


async def test_a_final_that_is_known_already_ends_it_without_a_state() -> None:
    done = state_of(rev=(1, 6), status="Completed")
    current = {"type": "snapshot", "runKey": RUN, "rev": [1, 6], "final": True, "current": True}
    assert await Script(current).follow(last=done, attempt=2) == []


async def test_it_sends_the_token() -> None:
    script = Script(snapshot_message(state_of(status="Completed")))
    await script.follow(token="a-secret")
    assert script.headers["Authorization"] == "Bearer a-secret"


async def test_many_messages_may_come_in_one_frame() -> None:
    done = state_of(rev=(1, 2), status="Completed")
    script = Script([snapshot_message(state_of()), update_message(done)])
    assert await script.follow() == [state_of(), done]


async def test_news_of_other_runs_and_of_later_versions_are_passed_over() -> None:
    done = state_of(status="Completed")
    script = Script(
        {"type": "confetti", "runKey": RUN},
        snapshot_message(state_of(OTHER)),
        {"type": "pong", "id": 1},
        snapshot_message(done),
    )
    assert await script.follow() == [done]


async def test_an_end_before_the_final_state_is_a_loss() -> None:
    with pytest.raises(SocketLost):
        await Script(snapshot_message(state_of())).follow()


async def test_a_server_that_is_not_there_is_a_loss() -> None:
    async with Script().served() as url:
        pass
    with pytest.raises(SocketLost):
        await anext(socket_states(url, {}, RUN, None, None))


def error_message(*, retryable: bool) -> dict[str, Any]:
    return {"type": "error", "id": 1, "code": "run_not_found", "title": "", "detail": "no run", "retryable": retryable}


async def test_a_refusal_is_a_problem() -> None:
    with pytest.raises(ProblemError, match="no run"):
        await Script(error_message(retryable=False)).follow()


async def test_a_refusal_that_passes_is_a_loss() -> None:
    with pytest.raises(SocketLost, match="no run"):
        await Script(error_message(retryable=True)).follow()


async def test_the_removal_of_the_run_is_told() -> None:
    with pytest.raises(ProblemError, match="was deleted") as caught:
        await Script(snapshot_message(state_of()), {"type": "removed", "runKey": RUN, "rev": [2, 0]}).follow()
    assert caught.value.status == 404


def test_a_frame_is_one_message_or_many() -> None:
    one = json.dumps({"type": "pong", "id": 1})
    assert len(messages(one)) == 1
    assert len(messages(f" [{one}, {one}]".encode())) == 2
    assert messages("[]") == []
