"""What a backup says of itself: its first member, and its last."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from server.contract.base import Instant, Model

HEAD: Final = "backup.json"
MANIFEST: Final = "manifest.ndjson"
DATABASE: Final = "forge.sqlite3"
FORMAT: Final = 2


class Head(Model, frozen=True, kw_only=True):
    """Which home was copied, and when."""

    format: int
    store_id: str
    version: str
    created_at: Instant


class Copied(Model, frozen=True, kw_only=True):
    """A file: its size in bytes and the SHA-256 of its content in hex."""

    bytes: int
    sha256: str


class Listed(Copied, frozen=True, kw_only=True):
    """A line of the manifest: a file by its path in the home."""

    path: str


def encoded(head: Head) -> bytes:
    """As it stands in the backup."""
    return msgspec.json.format(msgspec.json.encode(head), indent=1)


def manifest_lines(copied: Mapping[str, Copied]) -> Iterator[bytes]:
    """A line for every file but the head. The manifest comes last, so that a backup which was cut short has none.

    It is never held whole: a home may have a million files.
    """
    for path, file in copied.items():
        if path != HEAD:
            yield msgspec.json.encode(Listed(path=path, bytes=file.bytes, sha256=file.sha256)) + b"\n"
