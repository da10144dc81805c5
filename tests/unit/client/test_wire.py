"""Requests and answers as bytes."""

from typing import Any

import httpx
import pytest

from server.client import ProblemError, wire
from server.contract.catalogue import SourceError

REQUEST = httpx.Request("GET", "http://there/api/system")


def answer(status: int, body: bytes = b"", **headers: str) -> httpx.Response:
    """What a server answered."""
    return httpx.Response(status, content=body, headers=headers, request=REQUEST)


@pytest.mark.parametrize(
    ("url", "normal"), [("http://there:8000/", "http://there:8000"), ("https://there/forge/", "https://there/forge")]
)
def test_urls_end_without_a_slash(url: str, normal: str) -> None:
    assert wire.normal_url(url) == normal


@pytest.mark.parametrize("url", ["there:8000", "ftp://there", "http://", "", "//there"])
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"http://127\.0\.0\.1:8000"):
        wire.normal_url(url)


@pytest.mark.parametrize(
    ("url", "local"), [("http://127.0.0.1:1", True), ("http://[::1]:1", True), ("http://there", False)]
)
def test_a_server_on_this_machine_is_asked_without_a_proxy(url: str, local: bool) -> None:
    assert wire.is_local(url) == local


def test_a_key_cannot_leave_its_place_in_the_path() -> None:
    assert wire.run_path("backtest", "../x?y", "/status") == "/api/backtests/..%2Fx%3Fy/status"


def test_query_parameters_are_camel_case_and_leave_nothing_empty() -> None:
    asked: dict[str, object] = {
        "time_frame": "1h",
        "limit": 5,
        "cursor": None,
        "status": ("Failed", "Cancelled"),
        "from_": 1,
    }
    assert wire.parameters(asked) == {"timeFrame": "1h", "limit": "5", "status": "Failed,Cancelled", "from": "1"}


@pytest.mark.parametrize(("name", "camel"), [("fast_period", "fastPeriod"), ("fastPeriod", "fastPeriod"), ("n", "n")])
def test_names_become_camel_case(name: str, camel: str) -> None:
    assert wire.camel(name) == camel


def test_an_answer_is_decoded() -> None:
    found = wire.decode(answer(200, b'{"file":"a.py","line":3,"message":"no"}'), SourceError)
    assert found == SourceError(file="a.py", line=3, message="no")


def test_a_problem_keeps_code_fields_and_when_to_ask_again() -> None:
    body = b'{"code":"queue_full","detail":"full","errors":[{"path":"a","message":"b"}],"later":1}'
    with pytest.raises(ProblemError) as caught:
        wire.decode(answer(429, body, **{"retry-after": "7"}), SourceError)
    error = caught.value
    assert (error.code, error.detail, error.status, error.retry_after_s) == ("queue_full", "full", 429, 7)
    assert [(one.path, one.message) for one in error.errors] == [("a", "b")]


def test_a_code_of_a_later_version_is_passed_on() -> None:
    assert wire.problem_of(answer(418, b'{"code":"teapot"}')).code == "teapot"


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b"\xff"])
def test_a_refusal_without_a_problem_is_told_with_its_status(body: bytes) -> None:
    error = wire.problem_of(answer(502, body))
    assert (error.code, error.status) == ("unexpected_answer", 502)
    assert "http://there/api/system answered 502" in error.detail


@pytest.mark.parametrize("body", [b"{}", b"<html>", b""])
def test_an_answer_of_another_form_asks_about_versions(body: bytes) -> None:
    with pytest.raises(ProblemError, match="versions"):
        wire.decode(answer(200, body), SourceError)


@pytest.mark.parametrize("value", ["soon", "", "-1"])
def test_a_time_to_wait_that_is_none_is_passed_over(value: Any) -> None:
    assert wire.problem_of(answer(503, b"{}", **{"retry-after": value})).retry_after_s is None
