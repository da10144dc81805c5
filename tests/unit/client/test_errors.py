"""Refusals by their meaning."""

import pickle

import pytest

from server.client import (
    AlreadyEnded,
    Forbidden,
    InvalidRequest,
    NotFound,
    ProblemError,
    RateLimited,
    RunFailed,
    ServerUnavailable,
    Unauthorised,
    UnexpectedAnswer,
)
from server.client.errors import problem
from server.contract.problems import CODES, FieldError, ForgeError

KINDS = {
    400: InvalidRequest,
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    405: UnexpectedAnswer,
    409: AlreadyEnded,
    413: InvalidRequest,
    415: InvalidRequest,
    429: RateLimited,
    503: ServerUnavailable,
    507: ServerUnavailable,
}


@pytest.mark.parametrize("code", [code for code in CODES if code != "too_many_subscriptions"])
def test_every_code_has_the_class_that_its_status_means(code: str) -> None:
    status = ForgeError(code, "").status  # type: ignore[arg-type]  # each is a ProblemCode
    assert type(problem(code, "no", status=status)) is KINDS[status]


def test_a_limit_of_the_socket_is_one_of_the_server() -> None:
    assert isinstance(problem("too_many_subscriptions", "no"), RateLimited)


@pytest.mark.parametrize(("status", "kind"), [(400, InvalidRequest), (404, NotFound), (500, ProblemError)])
def test_a_code_of_later_versions_has_the_class_of_its_status(status: int, kind: type[ProblemError]) -> None:
    assert type(problem("brand_new", "no", status=status)) is kind


def test_a_refusal_survives_the_way_out_of_a_process() -> None:
    sent = problem("queue_full", "full", status=429, errors=[FieldError(path="a", message="b")], retry_after_s=5)
    found = pickle.loads(pickle.dumps(sent))
    assert type(found) is RateLimited
    assert (found.code, str(found), found.errors, found.retry_after_s) == ("queue_full", "full", sent.errors, 5)


def test_a_failed_run_tells_why() -> None:
    assert str(RunFailed("Probe_1", "Failed", "boom", "Traceback\n  line 1\n")) == (
        "Probe_1 failed: boom\nTraceback\n  line 1"
    )
    assert str(RunFailed("Probe_1", "Cancelled", None, None)) == "Probe_1 was cancelled"
