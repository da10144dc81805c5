"""Columns of numbers: each is read exactly, or refused."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from server.data.decimals import MAX_DECIMALS, Scaled, read_decimals


@st.composite
def written(draw: st.DrawFn) -> str:
    """A number as files write it, short ones and long ones, with and without an exponent."""
    digits = draw(st.integers(0, 10 ** draw(st.integers(1, 18))))
    number = Decimal(digits).scaleb(-draw(st.integers(0, MAX_DECIMALS)))
    form = draw(st.sampled_from(["{:f}", "-{:f}", " {:f}", "{:f}0", "{:e}", "{:E}"]))
    text = form.format(number)
    return text if "." in text or not text.endswith("00") else text[:-1]


def read_all(texts: list[str]) -> tuple[Scaled, dict[int, str]]:
    """What is read, and the reason of each row that is refused."""
    refused: dict[int, str] = {}

    def refuse(row: int, reason: str) -> None:
        refused[row] = reason

    return read_decimals(texts, refuse), refused


@given(st.lists(written(), min_size=1, max_size=8))
def test_numbers_are_read_exactly_or_refused(texts: list[str]) -> None:
    read, refused = read_all(texts)
    assert 0 <= read.decimals <= MAX_DECIMALS
    for row, text in enumerate(texts):
        kept = Decimal(int(read.values[row])).scaleb(-read.decimals)
        if row not in refused:
            assert kept == round(Decimal(text.strip()), MAX_DECIMALS)
        else:
            assert abs(Decimal(text.strip())).scaleb(read.decimals) > 2**62 or "range" in refused[row]


@given(st.lists(st.text("0123456789.-+eE_ nafix\0½", max_size=6), min_size=1, max_size=5))
def test_what_is_no_number_is_refused(texts: list[str]) -> None:
    _, refused = read_all(texts)
    for row, text in enumerate(texts):
        if row not in refused:
            assert Decimal(text.strip("\0 ")).is_finite()
