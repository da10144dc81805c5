"""What user code prints: the beginning is kept, the rest counted."""

import io
from typing import Final

KEPT_CHARACTERS: Final = 64 * 1024


class BoundedOutput(io.TextIOBase):
    """A text stream that holds at most `limit` characters, however much is written."""

    def __init__(self, limit: int = KEPT_CHARACTERS) -> None:
        super().__init__()
        self._room = limit
        self._parts: list[str] = []
        self._dropped = 0

    def write(self, text: str) -> int:
        """Takes all of `text`, keeps what there is room for."""
        if self._room:
            self._parts.append(text[: self._room])
            self._dropped += max(0, len(text) - self._room)
            self._room = max(0, self._room - len(text))
        else:
            self._dropped += len(text)
        return len(text)

    def writable(self) -> bool:
        """Always."""
        return True

    def text(self) -> str:
        """What was kept, with a last line that tells what was not."""
        kept = "".join(self._parts)
        return f"{kept}\n[{self._dropped} more characters were printed and not kept]\n" if self._dropped else kept
