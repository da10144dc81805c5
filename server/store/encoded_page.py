"""A page of rows that are JSON already."""

from typing import Any, NamedTuple

import msgspec


class EncodedPage(NamedTuple):
    """`items` is a JSON array; `next_cursor` None on the last page; `total_count` counts all pages."""

    items: bytes
    next_cursor: str | None
    total_count: int

    def json(self, **more: Any) -> bytes:
        """The page as JSON: `items`, `nextCursor`, `totalCount`, followed by `more` (names as they are sent)."""
        return msgspec.json.encode(
            {
                "items": msgspec.Raw(self.items),
                "nextCursor": self.next_cursor,
                "totalCount": self.total_count,
                **more,
            }
        )
