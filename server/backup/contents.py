"""What a backup says of itself: its first member, and its last."""

from typing import Final

import msgspec

from server.contract.base import Instant, Model

HEAD: Final = "backup.json"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "forge.sqlite3"
FORMAT: Final = 1


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


class Manifest(Model, frozen=True, kw_only=True):
    """Every other file by its path in the home. It comes last, so that a backup which was cut short has none."""

    files: dict[str, Copied]


def encoded(part: Head | Manifest) -> bytes:
    """As it stands in the backup."""
    return msgspec.json.format(msgspec.json.encode(part), indent=1)
