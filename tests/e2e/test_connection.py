"""What a reader sees while the server, or the way to it, comes and goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, Request, WebSocketRoute, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import Gates, badge, dashboard, key_figures, progress
from tests.integration.serving import STOP_LIMIT_S, clean_environment
from tests.integration.site import Site

LOST = ("WebSocket", "ERR_CONNECTION", "ERR_SOCKET_NOT_CONNECTED", "ERR_EMPTY_RESPONSE", "503")
"""What the browser says of sockets and requests that found no server."""


def test_two_tabs_and_a_terminal_follow_one_run_and_all_see_its_end(
    page: Page, site: Site, complaints: Complaints
) -> None:
    complaints.expect("WebSocket")
    sockets: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    gates = Gates(site)
    key = gates.backtest(site)
    watching = subprocess.Popen(
        [sys.executable, "-m", "server", "watch", key, "--json"],
        env=clean_environment(FORGE_URL=site.served.url),
        stdout=subprocess.PIPE,
        text=True,
    )
    second = page.context.new_page()
    second.route_web_socket("**/ws", connect)
    for each in (page, second):
        each.goto(f"{site.served.url}/backtests/{key}")
        expect(badge(each)).to_have_text("Live")
        expect(progress(each)).to_be_visible()
    sockets[0].close(code=1012)
    expect(badge(second)).not_to_have_text("Live")
    expect(badge(second)).to_have_text("Live")
    for bar in (1000, 2000):
        gates.open(bar)
    for each in (page, second):
        expect(key_figures(each)).to_be_visible()
    told, _ = watching.communicate(timeout=STOP_LIMIT_S)
    assert '"status":"Completed"' in told.replace(" ", "").splitlines()[-1]
    assert watching.returncode == 0
    assert len(sockets) == 2


def test_without_a_socket_the_page_polls_to_the_end_and_goes_live_when_it_can(
    page: Page, site: Site, complaints: Complaints
) -> None:
    complaints.expect(*LOST)
    blocked = True
    asked: list[str] = []

    def connect(socket: WebSocketRoute) -> None:
        if blocked:
            socket.close()
        else:
            socket.connect_to_server()

    def on_request(request: Request) -> None:
        if request.url.endswith("/status"):
            asked.append(request.url)

    page.route_web_socket("**/ws", connect)
    page.on("request", on_request)
    gates = Gates(site)
    page.goto(f"/backtests/{gates.backtest(site)}")
    expect(badge(page)).to_have_text("Polling")
    expect(page.get_by_text("Live updates are interrupted.")).to_be_visible()
    before = len(asked)
    for bar in (1000, 2000):
        gates.open(bar)
    expect(key_figures(page)).to_be_visible()
    assert len(asked) > before
    blocked = False
    page.evaluate("dispatchEvent(new Event('online'))")  # as the network's return does
    expect(badge(page)).to_have_text("Live")


def test_a_frozen_server_is_told_within_three_seconds_and_its_return_too(
    page: Page, site: Site, complaints: Complaints
) -> None:
    complaints.expect(*LOST)
    page.goto("/")
    expect(badge(page)).to_have_text("Live")
    os.kill(site.served.process.pid, signal.SIGSTOP)
    try:
        expect(badge(page)).not_to_have_text("Live", timeout=3_500)
        expect(badge(page)).to_have_text("Offline")
    finally:
        os.kill(site.served.process.pid, signal.SIGCONT)
    expect(badge(page)).to_have_text("Live")


def test_after_sleep_a_page_with_a_dead_socket_is_right_within_a_second(
    page: Page, site: Site, complaints: Complaints
) -> None:
    complaints.expect("WebSocket")
    asleep = False
    sockets: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        server, dead = socket.connect_to_server(), len(sockets) == 0  # the first one dies in its sleep
        sockets.append(socket)
        server.on_message(lambda message: None if asleep and dead else socket.send(message))
        socket.on_message(lambda message: None if asleep and dead else server.send(message))

    page.route_web_socket("**/ws", connect)
    gates = Gates(site)
    key = gates.backtest(site)
    page.goto(f"/backtests/{key}")
    expect(progress(page)).to_be_visible()
    asleep = True
    for bar in (1000, 2000):
        gates.open(bar)
    site.ended("backtests", key)
    expect(progress(page)).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as waking does
    expect(key_figures(page)).to_be_visible(timeout=1_500)  # a second, and a half for a busy machine
    expect(badge(page)).to_have_text("Live")
    assert len(sockets) > 1


def test_while_it_polls_the_page_asks_for_health_and_tells_that_the_server_is_gone(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect(*LOST)
    asked: list[float] = []
    page.on("request", lambda request: asked.append(time.monotonic()) if "/health/live" in request.url else None)
    page.route_web_socket("**/ws", lambda socket: socket.close())
    with dashboard(tmp_path, fill=False) as site:
        page.goto(site.served.url)
        expect(badge(page)).to_have_text("Polling")
        page.wait_for_timeout(7_000)  # what happens every two seconds is seen by waiting alone
        assert len(asked) >= 3
        site.kill()
        expect(badge(page)).to_have_text("Offline", timeout=3_500)
        expect(page.get_by_text("The server does not answer.", exact=False).first).to_be_visible()
    with dashboard(tmp_path, fill=False, PORT=site.served.port):
        expect(badge(page)).to_have_text("Polling", timeout=3_500)
        expect(page.get_by_text("No runs yet")).to_be_visible()


def test_pages_outlive_a_killed_server_and_results_are_still_there(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect(*LOST)
    with dashboard(tmp_path) as site:
        done, interrupted, resumed = Gates(site), Gates(site), Gates(site)
        for bar in (1000, 2000):
            done.open(bar)
        old = done.backtest(site)
        site.ended("backtests", old)
        page.goto(f"{site.served.url}/backtests/{old}")
        expect(key_figures(page)).to_contain_text("USD")
        figures = key_figures(page).inner_text()
        page.goto(f"{site.served.url}/backtests/{interrupted.backtest(site)}")
        expect(progress(page)).to_be_visible()
        sweep = page.context.new_page()
        sweep.goto(f"{site.served.url}/optimizations/{resumed.sweep(site)}")
        expect(sweep.get_by_test_id("progress-line")).to_contain_text("Processed 60 / 61 Combinations")
        site.kill()
        for each in (page, sweep):
            expect(badge(each)).to_have_text("Offline")
    with dashboard(tmp_path, PORT=site.served.port):
        for each in (page, sweep):
            expect(badge(each)).to_have_text("Live")
        expect(page.get_by_test_id("error-message")).to_contain_text("server restarted")
        expect(sweep.get_by_test_id("progress-line")).to_contain_text("60 / 61")
        resumed.open()
        expect(sweep.get_by_test_id("counts")).to_contain_text("49 completed, 12 failed")
        page.goto(f"{site.served.url}/backtests/{old}")
        expect(key_figures(page)).to_contain_text("USD")
        assert key_figures(page).inner_text() == figures


def test_a_page_without_a_token_asks_for_it_once(page: Page, tmp_path: Path, complaints: Complaints) -> None:
    complaints.expect("401", "WebSocket")
    with dashboard(tmp_path, fill=False, FORGE_TOKEN="open-sesame-please") as site:
        page.goto(site.served.url)
        asked = page.get_by_role("dialog", name="Token")
        asked.get_by_label("Token").fill("friend")
        asked.get_by_role("button", name="Go on").click()
        expect(asked).to_contain_text("The last token was refused.")
        asked.get_by_label("Token").fill("open-sesame-please")
        asked.get_by_label("Token").press("Enter")
        expect(asked).to_have_count(0)
        expect(page.get_by_text("No runs yet")).to_be_visible()
        expect(badge(page)).to_have_text("Live")
        page.reload()
        expect(badge(page)).to_have_text("Live")
        expect(asked).to_have_count(0)
