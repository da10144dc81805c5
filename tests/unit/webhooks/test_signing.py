"""Signatures of webhooks."""

import base64
import hashlib
import hmac
import re
import time
from pathlib import Path
from typing import Any

import pytest

from server.webhooks.signing import BadSignature, key_of, signed_headers, verify
from tests.hook_receiver import SECRET

BODY = b'{"type":"ping"}'


def test_a_signed_message_is_told_by_its_id() -> None:
    headers = signed_headers(key_of(SECRET), "msg_1", 1_000, BODY)
    assert verify(SECRET, headers, BODY, now_s=1_100) == "msg_1"


def test_the_scheme_is_that_of_standard_webhooks() -> None:
    headers = signed_headers(key_of(SECRET), "msg_1", 1_000, BODY)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, b"msg_1.1000." + BODY, hashlib.sha256).digest()).decode()
    assert headers == {"webhook-id": "msg_1", "webhook-timestamp": "1000", "webhook-signature": f"v1,{wanted}"}


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": "1001"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v1,AAAA v0,\u00e9"},
        {"webhook-signature": ""},
    ],
)
def test_a_changed_header_is_noticed(change: dict[str, str]) -> None:
    headers = signed_headers(key_of(SECRET), "msg_1", 1_000, BODY) | change
    with pytest.raises(BadSignature):
        verify(SECRET, headers, BODY, now_s=1_000)


@pytest.mark.parametrize(
    ("secret", "body", "now_s"),
    [
        ("whsec_NzY1NDMyMTBmZWRjYmE5ODc2NTQzMjEw", BODY, 1_000),
        (SECRET, b"{}", 1_000),
        (SECRET, BODY, 1_301),
        (SECRET, BODY, 699),
    ],
)
def test_another_secret_body_or_time_is_noticed(secret: str, body: bytes, now_s: float) -> None:
    headers = signed_headers(key_of(SECRET), "msg_1", 1_000, BODY)
    with pytest.raises(BadSignature):
        verify(secret, headers, body, now_s=now_s)


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed_headers(key_of(SECRET), "msg_1", 1_000, BODY)
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert verify(SECRET, headers, BODY, now_s=1_000) == "msg_1"


@pytest.mark.parametrize(
    "secret", ["a long enough text", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "whsec_!!!!", "whsec_AAAA"]
)
def test_a_secret_that_can_be_guessed_or_that_libraries_read_otherwise_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="base64 of at least 16 bytes"):
        key_of(secret)


def test_the_snippet_in_the_documents_tells_real_messages_from_others() -> None:
    text = (Path(__file__).parents[3] / "docs/operations.md").read_text()
    (snippet,) = [
        code for code in re.findall(r"^```python[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE) if "hmac" in code
    ]
    names: dict[str, Any] = {}
    exec(snippet, names)
    headers = signed_headers(key_of(SECRET), "msg_1", int(time.time()), BODY)
    assert names["is_from_forge"](SECRET, headers, BODY)
    assert not names["is_from_forge"](SECRET, headers, BODY + b" ")
    late = signed_headers(key_of(SECRET), "msg_1", int(time.time()) - 400, BODY)
    assert not names["is_from_forge"](SECRET, late, BODY)
