"""WebSocket frames as a server sends them (RFC 6455, section 5.2): whole, unmasked, uncompressed."""

from typing import Final

_FINAL_TEXT: Final = 0x81
_FINAL_BINARY: Final = 0x82


def frame_of(payload: bytes, *, is_text: bool) -> bytes:
    """The one frame that carries `payload`."""
    opcode = _FINAL_TEXT if is_text else _FINAL_BINARY
    size = len(payload)
    if size < 126:
        return bytes((opcode, size)) + payload
    if size < 65_536:
        return bytes((opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((opcode, 127)) + size.to_bytes(8, "big") + payload
