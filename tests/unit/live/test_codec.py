"""The two forms of messages say the same."""

import msgspec
import pytest

from server.contract.messages import Ping, Pong, Subscribe
from server.live.codec import CODECS, JSON, MSGPACK, Codec, Misfit, Shared, Unreadable
from server.live.decoding import Refusal, decode_frame
from server.live.effects import CloseCode
from server.live.framing import frame_of
from server.live.options import LiveOptions
from server.live.session import Session

FORMS = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)


def encoded(codec: Codec, value: object) -> bytes:
    return msgspec.json.encode(value) if codec is JSON else msgspec.msgpack.encode(value)


def decoded(codec: Codec, frame: bytes) -> object:
    return msgspec.json.decode(frame) if codec is JSON else msgspec.msgpack.decode(frame)


@FORMS
def test_a_message_is_read_in_either_form(codec: Codec) -> None:
    frame = encoded(codec, {"type": "subscribe", "id": 1, "runKey": "Probe_1"})
    assert list(decode_frame(frame, codec)) == [Subscribe(id=1, run_key="Probe_1")]


@FORMS
@pytest.mark.parametrize("count", [1, 2, 15, 16, 300])
def test_an_array_of_messages_is_read_and_written_in_either_form(codec: Codec, count: int) -> None:
    frame = encoded(codec, [{"type": "ping", "id": number} for number in range(count)])
    assert list(decode_frame(frame, codec)) == [Ping(id=number) for number in range(count)]
    joined = codec.join([codec.encode(Pong(id=number)) for number in range(count)])
    pongs = [{"type": "pong", "id": number} for number in range(count)]
    assert decoded(codec, joined) == (pongs if count > 1 else pongs[0])


@FORMS
def test_what_fits_no_message_says_what_it_is(codec: Codec) -> None:
    with pytest.raises(Misfit) as misfit:
        codec.read(encoded(codec, {"type": "later", "id": 7}))
    assert misfit.value.loose == {"type": "later", "id": 7}
    (refusal,) = decode_frame(encoded(codec, {"type": "later", "id": 7}), codec)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message_id, refusal.malformed) == ("unknown_message", 7, False)


@FORMS
@pytest.mark.parametrize("frame", [b"", b"\xc1", b"\xdd\xff\xff\xff\xff", b"[", b"\x93", b"\x81" * 5_000, b"[" * 5_000])
def test_nonsense_is_refused_in_either_form(codec: Codec, frame: bytes) -> None:
    (refusal,) = decode_frame(frame, codec)
    assert isinstance(refusal, Refusal)
    assert refusal.malformed


def test_bytes_of_another_form_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        JSON.read(msgspec.msgpack.encode({"type": "ping", "id": 1}))


def test_what_is_shared_is_encoded_once_in_each_form() -> None:
    shared = Shared(Pong(id=1))
    for codec in CODECS.values():
        assert shared.encoded(codec) is shared.encoded(codec)
        assert decoded(codec, shared.encoded(codec)) == {"type": "pong", "id": 1}


def test_a_session_speaks_the_form_it_was_given_and_refuses_the_other() -> None:
    session = Session(LiveOptions(), store_id="home", now=0.0, codec=MSGPACK)
    session.frame_received(msgspec.msgpack.encode({"type": "ping", "id": 1}), 0.0)
    frame = session.next_frame(0.0)
    assert frame is not None
    welcome, pong = msgspec.msgpack.decode(frame)
    assert (welcome["protocol"], pong) == ("forge.v1.msgpack", {"type": "pong", "id": 1})
    session.frame_received('{"type":"ping","id":2}', 0.0)
    assert session.closing is not None
    assert session.closing.code == CloseCode.WRONG_KIND


@pytest.mark.parametrize(("size", "head"), [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_frame_tells_its_length_as_the_rfc_has_it(size: int, head: int) -> None:
    frame = frame_of(b"x" * size, is_text=True)
    assert len(frame) == head + size
    assert frame[0] == 0x81
    told = frame[1] if head == 2 else int.from_bytes(frame[2:head], "big")
    assert told == size
    assert frame_of(b"", is_text=False)[0] == 0x82
