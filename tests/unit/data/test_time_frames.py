"""Spans of bars, as they are written."""

import pytest

from server.contract.problems import InvalidRequest
from server.data.time_frames import parse_time_frame, time_frame_name


@pytest.mark.parametrize(
    ("text", "name", "seconds"),
    [
        ("1m", "1m", 60),
        ("5min", "5m", 300),
        ("60m", "1h", 3600),
        ("90m", "90m", 5400),
        ("1H", "1h", 3600),
        ("24h", "1d", 86_400),
        ("7d", "1w", 604_800),
        ("1 d", "1d", 86_400),
        ("1:00:00", "1h", 3600),
        ("00:01:00", "1m", 60),
        ("1.00:00:00", "1d", 86_400),
        ("0:00:01", "1s", 1),
        ("52w", "52w", 31_449_600),
    ],
)
def test_every_form_has_one_canonical_name(text: str, name: str, seconds: int) -> None:
    frame = parse_time_frame(text)
    assert frame == (name, seconds * 1000)
    assert parse_time_frame(frame.name) == frame
    assert time_frame_name(frame.ms) == name


@pytest.mark.parametrize(
    "text",
    ["", "h", "1M", "1mo", "1y", "0m", "-1h", "1.5h", "53w", "999999d", "24:00:00", "1:60:00", "1:00", "١h", "1h\n1h",
     "1h; DROP", "١:00:00", "9" * 500],
)  # fmt: skip
def test_what_is_no_span_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(InvalidRequest, match="1m, 5m") as refusal:
        parse_time_frame(text, "axes.timeFrame")
    assert refusal.value.errors[0].path == "axes.timeFrame"
    assert len(refusal.value.detail) < 200
