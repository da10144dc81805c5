"""What live delivery is told at construction."""

import msgspec


class LiveOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Limits and rhythms; times in seconds. `server` names the program in `welcome`.

    `stall_s`: how long a socket may take nothing; `refresh_s`: when the snapshot of a run without news is read again;
    `topic_interval_s`: least time between two updates of one run on the topic `runs`; `malformed_limit`: malformed
    messages in a row that end a connection; `bench` adds `t` (monotonic ns) to updates.
    """

    server: str = "algotradeforge"
    max_subscriptions: int = 10_000
    max_frame_bytes: int = 65_536
    frames_per_s: float = 2_000
    frame_burst: int = 10_000
    malformed_limit: int = 10
    topic_interval_s: float = 0.5
    stall_s: float = 10.0
    refresh_s: float = 5.0
    bench: bool = False
