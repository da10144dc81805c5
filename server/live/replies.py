"""Answers to client messages."""

from msgspec import UNSET, UnsetType

from server.contract.messages import ErrorMessage, MessageId
from server.contract.problems import ForgeError


def error_reply(error: ForgeError, message_id: MessageId | UnsetType = UNSET) -> ErrorMessage:
    """An error as a message of the socket."""
    return ErrorMessage(
        id=message_id, code=error.code, title=error.title, detail=error.detail, retryable=error.retryable
    )
