"""`/ws/runs/{runKey}`: one run from snapshot to final state, over a real socket."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.listener import Listener, Message, listening, refusal
from tests.integration.openapi_document import OpenApiDocument
from tests.integration.site import Site

PROBLEM = "application/problem+json"


def follow(site: Site, key: str) -> tuple[list[Message], int | None]:
    """Everything that is sent, and how the connection ends."""
    with listening(site, f"/ws/runs/{key}") as listener:
        return listener.rest(), listener.close_code


def test_a_run_is_followed_from_snapshot_to_final_state(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site, f"/ws/runs/{key}") as listener:
        snapshot = listener.next()
        assert (snapshot["type"], snapshot["final"], snapshot["state"]["processed"]) == ("snapshot", False, 20)
        assert (snapshot["run"]["runKey"], snapshot["run"]["total"], snapshot["run"]["unit"]) == (key, 3_000, "bars")
        gate.touch()
        rest = listener.rest()
    assert {message["type"] for message in rest} == {"update"}
    assert [message["final"] for message in rest] == [False] * (len(rest) - 1) + [True]
    assert (rest[-1]["state"]["status"], rest[-1]["state"]["processed"]) == ("Completed", 3_000)
    assert listener.close_code == 1000


def test_the_final_state_is_the_one_of_the_status(site: Site) -> None:
    key = site.submit("backtests", site.fresh())["runKey"]
    messages, _ = follow(site, key)
    status = site.status("backtests", key)
    assert messages[-1]["rev"] == status["rev"]
    assert messages[-1]["state"].items() <= status.items()


def test_who_saw_the_final_state_can_read_the_result(site: Site) -> None:
    for _ in range(5):
        key = site.submit("backtests", site.fresh())["runKey"]
        with listening(site, f"/ws/runs/{key}") as listener:
            listener.final(key)
            assert site.status("backtests", key)["result"] is not None


def test_progress_is_sent_while_a_run_goes_on(site: Site) -> None:
    key = site.submit("backtests", site.fresh(strategyName="Slow", endTime="2024-01-10T00:00:00Z"))["runKey"]
    messages, _ = follow(site, key)
    processed = [message["state"]["processed"] for message in messages]
    assert processed == sorted(processed)
    assert len(set(processed)) > 3
    running = [message["state"] for message in messages if message["state"]["processed"]]
    assert all(state["barTime"] is not None and state["equity"] is not None for state in running)


def test_a_run_that_has_ended_is_one_snapshot(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    (snapshot,), code = follow(site, key)
    assert (snapshot["type"], snapshot["final"], code) == ("snapshot", True, 1000)


def test_subscribers_before_during_and_after_see_the_same_end(site: Site) -> None:
    key, gate = site.at_gate()
    with ThreadPoolExecutor(8) as threads:
        followers = [threads.submit(follow, site, key) for _ in range(4)]
        with listening(site, f"/ws/runs/{key}") as interrupted:
            interrupted.next()
        followers += [threads.submit(follow, site, key) for _ in range(2)]
        gate.touch()
        ends = [follower.result()[0][-1] for follower in followers]
    ends.append(follow(site, key)[0][-1])
    assert {(tuple(end["rev"]), end["final"], str(end["state"])) for end in ends} == {
        (tuple(ends[0]["rev"]), True, str(ends[0]["state"]))
    }


def test_whoever_subscribes_before_the_end_gets_the_final_state(site: Site) -> None:
    keys = [site.submit("backtests", site.fresh(strategyName="BuyAndHold"))["runKey"] for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        for messages, code in threads.map(lambda key: follow(site, key), keys):
            assert (messages[-1]["final"], messages[-1]["state"]["status"], code) == (True, "Completed", 1000)


def test_a_failure_is_sent_with_message_and_a_trace_of_bounded_length(site: Site) -> None:
    file = site.gates.parent / "strategies" / "verbose.py"
    file.write_text(
        "from server.strategies import Bar, Strategy\n\n\nclass Verbose(Strategy):\n    version = '1'\n\n"
        "    def init(self) -> None:\n        pass\n\n    def on_bar(self, bar: Bar) -> None:\n"
        "        raise ValueError('y' * 40_000)\n"
    )
    key = site.run("backtests", site.fresh(strategyName="Verbose"), "Failed")["runKey"]
    with listening(site, f"/ws/runs/{key}") as listener:
        frame = listener.connection.recv()
    assert len(frame) < 20_000
    assert "ValueError" in str(frame)
    assert len(site.status("backtests", key)["errorStackTrace"]) > 40_000


def test_a_cancelled_run_ends_with_cancelled(site: Site) -> None:
    key, _ = site.at_gate()
    with listening(site, f"/ws/runs/{key}") as listener:
        listener.next()
        site.cancel("backtests", key)
        rest = listener.rest()
    assert rest[0]["state"]["cancelRequested"]
    assert rest[-1]["state"]["status"] == "Cancelled"


def test_a_sweep_is_followed_with_counts_and_leaders(site: Site, told: OpenApiDocument) -> None:
    axes = {"fastPeriod": {"min": 2, "max": 21}, "slowPeriod": {"min": 50, "max": 70}}
    key = site.submit("optimizations", site.fresh(axes=axes))["runKey"]
    messages, code = follow(site, key)
    end = messages[-1]["state"]
    assert (end["processed"], end["total"], end["best"], code) == (100, 100, end["top"][0], 1000)
    for message in messages:
        told.is_a("ServerMessage", message)
        assert message["type"] == "snapshot" or len(str(message)) < 3_000


def test_messages_are_as_the_document_tells(site: Site, told: OpenApiDocument) -> None:
    for request in (site.fresh(), site.fresh(strategyName="Boom")):
        messages, _ = follow(site, site.submit("backtests", request)["runKey"])
        for message in messages:
            told.is_a("ServerMessage", message)


def test_the_attempt_asked_for_is_waited_for_past_older_ends(site: Site) -> None:
    request, gate = site.gated()
    key = site.submit("backtests", request)["runKey"]
    site.until("backtests", key, processed=20)
    site.cancel("backtests", key)
    second = site.submit("backtests", request)["attempt"]
    with listening(site, f"/ws/runs/{key}?attempt={second}") as listener:
        gate.touch()
        rest = listener.rest()
    assert (rest[-1]["attempt"] if "attempt" in rest[-1] else rest[-1]["run"]["attempt"]) == 2
    assert rest[-1]["state"]["status"] == "Completed"


def test_a_deleted_run_ends_its_subscription(site: Site) -> None:
    key, _ = site.at_gate()
    with listening(site, f"/ws/runs/{key}") as listener:
        listener.next()
        site.http.delete(f"/api/backtests/{key}")
        rest = listener.rest()
    assert rest[-1]["final"] or rest[-1]["type"] == "removed"
    assert listener.close_code == 1000


def test_it_takes_pings_alone(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site, f"/ws/runs/{key}") as listener:
        listener.next()
        assert listener.answer({"type": "ping", "id": 1})["type"] == "pong"
        assert listener.answer({"type": "subscribe", "id": 2, "runKey": key})["code"] == "unknown_message"
        gate.touch()
        assert listener.rest()[-1]["final"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/ws/runs/nothing", 404, "run_not_found"),
        ("/ws/runs/..%2f..", 404, "not_found"),
        ("/ws/runs/" + "x" * 300, 404, "run_not_found"),
        ("/ws/nothing", 404, "not_found"),
        ("/api/backtests", 404, "not_found"),
    ],
)
def test_what_cannot_be_followed_is_refused_before_the_handshake(site: Site, path: str, status: int, code: str) -> None:
    assert refusal(site, path) == (status, PROBLEM, code)


def test_an_attempt_that_is_no_number_is_refused_before_the_handshake(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    assert refusal(site, f"/ws/runs/{key}?attempt=first") == (400, PROBLEM, "invalid_request")


def test_pages_of_other_sites_are_refused_before_the_handshake(site: Site) -> None:
    assert refusal(site, "/ws", origin="http://evil.example") == (403, PROBLEM, "forbidden_origin")
    assert refusal(site, "/ws", headers={"Host": "evil.example"}) == (403, PROBLEM, "forbidden_host")


def test_a_refusal_is_no_error_of_the_server(site: Site) -> None:
    refusal(site, "/ws/runs/nothing")
    refusal(site, "/ws", origin="http://evil.example")
    assert [line for line in site.served.log.read_text().splitlines() if "handshake" in line] == []


def test_the_servers_own_page_may_connect(site: Site) -> None:
    with listening(site, origin=site.served.url) as listener:
        assert isinstance(listener, Listener)
        assert listener.next()["type"] == "welcome"
