"""Names a computation by its content: RunKey, trialKey, the family of a trialKey."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from server.contract.requests import RunKind

RUN_KEY_PATTERN: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")
STRATEGY_NAME_PATTERN: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9]{0,59}$")
STRATEGY_VERSION_PATTERN: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{0,22}$")
_HASH_HEX: Final = 24  # 96 bits
_PARAMETERS: Final = "parameters"

Canonical: TypeAlias = "None | bool | int | float | str | Sequence[Canonical] | Mapping[str, Canonical]"


def canonical_bytes(value: Canonical) -> bytes:
    """JSON with sorted keys, no spaces, ASCII only, and one spelling a number (`10000`, `10000.0`, `1e4` are one).

    Raises ValueError for NaN and infinities, which name nothing.
    """
    return json.dumps(
        _normal(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode()


def content_hash(value: Canonical) -> str:
    """The first 96 bits of SHA-256 over the canonical form, as 24 hex digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()[:_HASH_HEX]


def run_key(
    kind: RunKind, strategy: str, version: str, start_ms: int, end_ms: int, identity: Mapping[str, Canonical]
) -> str:
    """`{Strategy}_{Version}_{Period}_{ParamsHash}`; `identity` holds everything else that decides the result."""
    period = f"{_day(start_ms)}-{_day(end_ms)}"
    hashed: dict[str, Canonical] = {
        **identity,
        "kind": kind,
        "strategy": strategy,
        "version": version,
        "start": start_ms,
        "end": end_ms,
    }
    return f"{strategy}_{version}_{period}_{content_hash(hashed)}"


class TrialNames:
    """Names sets of parameters after `normalize`: one has the same trialKey in a backtest and in any sweep.

    A sweep names a hundred thousand, so all but the parameters is spelled out and hashed once.
    """

    def __init__(
        self, strategy: str, version: str, start_ms: int, end_ms: int, shared: Mapping[str, Canonical]
    ) -> None:
        """`shared`: everything else besides the parameters that decides the result."""
        facts = {**shared, "strategy": strategy, "version": version, "start": start_ms, "end": end_ms}
        before = {name: value for name, value in facts.items() if name < _PARAMETERS}
        after = {name: value for name, value in facts.items() if name > _PARAMETERS}
        head = canonical_bytes(before)[:-1] + b"," + canonical_bytes({_PARAMETERS: None}).removeprefix(b"{")
        self._head = hashlib.sha256(head.removesuffix(b"null}"))
        self._tail = b"," + canonical_bytes(after)[1:]

    def key(self, parameters: Mapping[str, Canonical]) -> str:
        """The trialKey: the hash of all that decides the result, with `parameters` among it."""
        whole = self._head.copy()
        whole.update(canonical_bytes(parameters) + self._tail)
        return whole.hexdigest()[:_HASH_HEX]


def trial_key(
    strategy: str,
    version: str,
    start_ms: int,
    end_ms: int,
    shared: Mapping[str, Canonical],
    parameters: Mapping[str, Canonical],
) -> str:
    """The trialKey of one set of parameters, as `TrialNames` gives it."""
    return TrialNames(strategy, version, start_ms, end_ms, shared).key(parameters)


def family_of(strategy: str, version: str, start_ms: int, end_ms: int, shared: Mapping[str, Canonical]) -> str:
    """The name of all that a trialKey hashes but the parameters: within a family equal parameters are the same work."""
    return content_hash({**shared, "strategy": strategy, "version": version, "start": start_ms, "end": end_ms})


def _day(ts_ms: int) -> str:
    return datetime.fromtimestamp(ts_ms / 1000, UTC).strftime("%Y%m%d")


def _normal(value: Canonical) -> Canonical:
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value} cannot be part of an identity")
            return int(value) if value.is_integer() else value
        case Mapping():
            return {key: _normal(item) for key, item in value.items()}
        case _:
            return [_normal(item) for item in value]
