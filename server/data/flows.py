"""The file that holds the cash flows of one data set version."""

import hashlib
from pathlib import Path
from typing import Final

import numpy as np

from server.contract.catalogue import CashFlowKind
from server.contract.identity import canonical_bytes
from server.data.bars import Int64s
from server.data.npy import npy_header

FLOWS_FILE: Final = "flows.npy"
FLOW_ROWS: Final = 2
AMOUNT_DECIMALS: Final = 9
"""Amounts are int64 in units of 1e-9."""
FLOW_TS, FLOW_AMOUNT = range(FLOW_ROWS)


def open_flows(directory: Path) -> Int64s:
    """The cash flows of the data set in `directory`: (2, n) int64, C order, a read-only memory map.

    Rows ts_ms (strictly rising) and amount in 1e-9: of funding a rate of the position's value, of dividends quote
    currency a unit. Raises OSError when there is no such file and ValueError when it is no such array.
    """
    flows: Int64s = np.load(directory / FLOWS_FILE, mmap_mode="r", allow_pickle=False)
    if flows.dtype != np.int64 or flows.ndim != 2 or flows.shape[0] != FLOW_ROWS:
        raise ValueError(f"{directory.name}/{FLOWS_FILE} does not hold (2, n) int64")
    return flows


def flows_file_size(rows: int) -> int:
    """Bytes that the file of so many flows has."""
    return len(npy_header(FLOW_ROWS, rows)) + rows * FLOW_ROWS * 8


def write_flows(path: Path, kind: CashFlowKind, quote: str, flows: Int64s) -> str:
    """Writes (2, n) int64, returns their content hash: 96 bits of SHA-256 as 24 hex digits.

    It covers what decides a result: the kind, the values, and the currency in which they are counted.
    """
    values = np.ascontiguousarray(flows, dtype="<i8")
    with path.open("wb") as file:
        file.write(npy_header(FLOW_ROWS, flows.shape[1]))
        file.write(values.data)
    return flows_hash(kind, quote, values)


def flows_hash(kind: CashFlowKind, quote: str, flows: Int64s) -> str:
    """The content hash of (2, n) int64 as `write_flows` gives it."""
    digest = hashlib.sha256(canonical_bytes({"kind": kind, "quote": quote, "rows": flows.shape[1]}))
    digest.update(np.ascontiguousarray(flows, dtype="<i8").data)
    return digest.hexdigest()[:24]
