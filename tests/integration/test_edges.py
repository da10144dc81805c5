"""Several processes that look like one."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.integration.conftest import opened
from tests.integration.edges import edge_of
from tests.integration.serving import clean_environment
from tests.integration.site import Site, bars_csv
from tests.integration.test_metrics import figures
from tests.redis_server import RedisServer, redis_server

Edges = tuple[Site, Site, Site]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory, redis: RedisServer) -> Iterator[Edges]:
    """The owner and two edges."""
    with (
        opened(tmp_path_factory.mktemp("owner"), REDIS_URL=redis.url) as owner,
        edge_of(owner, redis.url) as first,
        edge_of(owner, redis.url) as second,
    ):
        yield owner, first, second


def follow(site: Site, key: str) -> ClientConnection:
    return connect(f"{site.sockets}/ws/runs/{key}", proxy=None, compression=None)


def to_the_end(ws: ClientConnection) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    while not messages or not messages[-1]["final"]:
        messages.append(json.loads(ws.recv(timeout=20)))
    return messages


def test_an_edge_tells_its_own_figures_and_where_the_owner_s_are(edges: Edges) -> None:
    owner, first, second = edges
    key, gate = owner.at_gate()
    with follow(first, key):
        here, there, of_owner = figures(first), figures(second), figures(second, "/metrics/owner")
    gate.touch()
    owner.ended("backtests", key)
    assert (here["forge_sockets",], there["forge_sockets",]) == (1, 0)
    assert here["forge_broker_up",] == 1
    assert ("forge_workers_busy",) not in here
    assert of_owner["forge_workers_busy",] == 1
    assert [process_of(told) for told in (here, of_owner, figures(owner))] == ["edge", "owner", "owner"]


def process_of(told: dict[tuple[Any, ...], float]) -> str:
    """Which process these are the figures of."""
    (labels,) = [dict(labels) for name, *labels in told if name == "forge_info"]
    return str(labels["process"])


def test_a_run_is_submitted_watched_and_cancelled_through_different_edges(edges: Edges) -> None:
    owner, first, second = edges
    request, _ = owner.gated()
    submitted = first.submit("backtests", request)
    key = submitted["runKey"]
    with follow(second, key) as ws:
        assert json.loads(ws.recv(timeout=10))["type"] == "snapshot"
        owner.until("backtests", key, status="Running")
        assert second.http.post(f"/api/backtests/{key}/cancel").status_code == 200
        end = to_the_end(ws)[-1]
    assert end["state"]["status"] == "Cancelled"
    assert first.status("backtests", key)["status"] == "Cancelled"


def test_identical_submissions_through_all_of_them_are_one_run(edges: Edges) -> None:
    owner, first, second = edges
    request, gate = owner.gated()
    with ThreadPoolExecutor(12) as threads:
        sites = [owner, first, second] * 20
        answers = list(threads.map(lambda site: site.submit("backtests", request), sites))
    assert len({answer["runKey"] for answer in answers}) == 1
    assert [answer["dedup"] for answer in answers].count("none") == 1
    gate.touch()
    assert owner.ended("backtests", answers[0]["runKey"])["attempt"] == 1


def test_the_live_status_of_an_edge_is_the_owners_to_the_tag(edges: Edges) -> None:
    owner, first, _ = edges
    request, gate = owner.gated()
    key = owner.submit("backtests", request)["runKey"]
    owner.until("backtests", key, phase="simulating")
    path = f"/api/backtests/{key}/status"
    # Between two questions the run may move on: equal tags must mean equal bodies.
    seen = 0
    for _ in range(200):
        ours, theirs = first.http.get(path), owner.http.get(path)
        if ours.headers["etag"] == theirs.headers["etag"]:
            assert ours.json() == theirs.json()
            assert first.http.get(path, headers={"If-None-Match": ours.headers["etag"]}).status_code in (200, 304)
            seen += 1
        if seen == 3:
            break
    assert seen == 3
    gate.touch()
    owner.ended("backtests", key)


def test_what_an_edge_passes_on_comes_back_as_the_owner_says_it(edges: Edges) -> None:
    _, first, _ = edges
    answer = first.post("backtests", first.settings(strategyName="Nobody"))
    first.problem(answer, 400, "unknown_strategy", "strategyName")
    first.problem(first.http.get("/api/nothing"), 404, "not_found")
    assert first.http.put("/api/backtests").headers["allow"]
    page = first.http.get("/")
    assert page.status_code in (200, 503), "the page, where it is built"


def test_uploads_stream_through_an_edge(edges: Edges) -> None:
    owner, first, _ = edges
    text = bars_csv(20_000, seed=5).encode()
    parts = (text[at : at + 10_000] for at in range(0, len(text), 10_000))
    answer = first.http.post(
        "/api/datasets",
        params={"assetName": "EDGED", "exchange": "TEST", "timeFrame": "1h"},
        content=parts,
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code == 201, answer.text
    assert owner.http.get(f"/api/datasets/{answer.json()['id']}").json()["rows"] == 20_000


def test_topics_reach_the_subscribers_of_an_edge(edges: Edges) -> None:
    owner, first, _ = edges
    with connect(f"{first.sockets}/ws", proxy=None, compression=None) as ws:
        for topic in ("runs", "system"):
            ws.send(json.dumps({"type": "subscribe", "id": topic, "topic": topic}))
        key = owner.submit("backtests", owner.fresh())["runKey"]
        told: set[str] = set()
        while {"system", key} - told:
            frame = json.loads(ws.recv(timeout=10))
            for message in frame if isinstance(frame, list) else [frame]:
                if message["type"] == "changed":
                    told.add(message["topic"])
                elif message.get("final"):
                    told.add(message["runKey"])


def test_edges_keep_their_sockets_while_the_owner_is_killed_and_comes_back(tmp_path: Path, redis: RedisServer) -> None:
    with opened(tmp_path, REDIS_URL=redis.url) as owner, edge_of(owner, redis.url) as edge:
        request, _ = owner.gated()
        key = owner.submit("backtests", request)["runKey"]
        owner.until("backtests", key, phase="simulating")
        with follow(edge, key) as ws:
            assert json.loads(ws.recv(timeout=10))["type"] == "snapshot"
            port = owner.served.port
            owner.kill()
            edge.problem(edge.http.get("/api/backtests"), 503, "store_unavailable")
            assert edge.http.get("/health/live").status_code == 200
            with opened(tmp_path, fill=False, REDIS_URL=redis.url, PORT=port):
                end = to_the_end(ws)[-1]
                assert (end["state"]["status"], end["state"]["errorMessage"]) == ("Failed", "server restarted")
                assert edge.http.get("/api/backtests").status_code == 200


def test_a_server_with_edges_of_its_own_is_one_address(tmp_path: Path, redis: RedisServer) -> None:
    strategies = tmp_path / "strategies"
    strategies.mkdir()
    environment = clean_environment(
        REDIS_URL=redis.url, PORT="0", FORGE_HOME=str(tmp_path / "home"), FORGE_STRATEGIES=str(strategies)
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "serve", "--edges", "2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")

        def listeners() -> int:
            return sum("edge" in Path(f"/proc/{pid}/cmdline").read_text() for pid in children.read_text().split())

        deadline = time.monotonic() + 20
        while listeners() < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)  # the distance between two looks
        for _ in range(20):
            assert httpx.get(f"{url}/api/system", trust_env=False).json()["broker"]["name"] == "redis"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_edges_without_redis_are_refused_with_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--edges", "1"],
        env=clean_environment(PORT="0", FORGE_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert "REDIS_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
