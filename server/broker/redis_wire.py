"""How run states lie and travel in Redis: names, encodings, and the script that fences them."""

from typing import Any, Final

import msgspec

from server.broker.port import BrokerEvent, Published, RunRemoved, TopicChanged
from server.contract.messages import Topic
from server.contract.run import Revision, RunSnapshot

LIVE_MS: Final = 86_400_000
"""Lifetime of a state that is not final: every update renews it."""
FINAL_MS: Final = 600_000
"""Lifetime of a final state or a removal; afterwards the store knows."""

PUBLISH: Final = """
local known = redis.call('HMGET', KEYS[1], 'g', 's')
local generation, seq = tonumber(ARGV[1]), tonumber(ARGV[2])
if known[1] then
    local g, s = tonumber(known[1]), tonumber(known[2])
    if generation < g or (generation == g and seq <= s) then return 0 end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'g', ARGV[1], 's', ARGV[2])
if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'p', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PUBLISH', KEYS[1], ARGV[4])
return 1
"""
"""KEYS: the run. ARGV: generation, seq, whether the message is a state to keep, the message, lifetime in ms.

Compares, keeps and publishes in one step, so that a former owner cannot come between.
"""


class _State(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    snapshot: RunSnapshot


class _Removal(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    run_key: str
    rev: Revision


class _Change(msgspec.Struct, frozen=True, array_like=True, tag="c"):
    topic: Topic
    data: Any


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final[msgspec.msgpack.Decoder[_State | _Removal | _Change]] = msgspec.msgpack.Decoder(
    _State | _Removal | _Change
)


class Names:
    """Keys and channels of one home; a run's key and channel have the same name."""

    def __init__(self, store_id: str) -> None:
        self._prefix = f"forge:{store_id}"

    @property
    def all_runs(self) -> str:
        """The pattern of every run's channel."""
        return self.run("*")

    def run(self, run_key: str) -> str:
        """Key and channel of a run."""
        return f"{self._prefix}:run:{run_key}"

    def topic(self, topic: Topic) -> str:
        """The channel of a topic other than `runs`."""
        return f"{self._prefix}:topic:{topic}"

    def heartbeat(self, reader: str) -> str:
        """The channel on which a reader hears itself."""
        return f"{self._prefix}:beat:{reader}"


def encode_event(event: Published | RunRemoved | TopicChanged) -> bytes:
    """An event as it travels."""
    match event:
        case Published(snapshot):
            return _ENCODER.encode(_State(snapshot))
        case RunRemoved(run_key, rev):
            return _ENCODER.encode(_Removal(run_key, rev))
        case TopicChanged(topic, data):
            return _ENCODER.encode(_Change(topic, data))


def decode_event(raw: bytes) -> BrokerEvent:
    """The event that travelled; msgspec.DecodeError when it is none."""
    match _DECODER.decode(raw):
        case _State(snapshot):
            return Published(snapshot)
        case _Removal(run_key, rev):
            return RunRemoved(run_key, rev)
        case _Change(topic, data):
            return TopicChanged(topic, data)


def script_arguments(event: Published | RunRemoved) -> list[bytes | int]:
    """The ARGV of `PUBLISH` for a state or a removal."""
    rev = event.snapshot.rev if isinstance(event, Published) else event.rev
    kept = isinstance(event, Published)
    lifetime_ms = LIVE_MS if isinstance(event, Published) and not event.snapshot.final else FINAL_MS
    return [rev.generation, rev.seq, int(kept), encode_event(event), lifetime_ms]


def decode_kept(raw: bytes | None) -> RunSnapshot | None:
    """The state kept under a run's key."""
    event = None if raw is None else decode_event(raw)
    return event.snapshot if isinstance(event, Published) else None
