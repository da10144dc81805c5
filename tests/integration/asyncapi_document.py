"""The AsyncAPI document of a server as a judge of what goes over its sockets."""

from typing import Any, Literal

from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types

Action = Literal["send", "receive"]


class AsyncApiDocument:
    """Says of a message whether the document tells of it: channel, direction, payload."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def told(self, action: Action, channel: str) -> set[str]:
        """The names of all messages that the server sends or receives there."""
        told: set[str] = set()
        for operation in self.document["operations"].values():
            if operation["channel"]["$ref"] == f"#/channels/{channel}":
                if operation["action"] == action:
                    told |= _names(operation["messages"])
                if action == "send":
                    told |= _names(operation.get("reply", {}).get("messages", []))
        return told

    def fit(self, action: Action, channel: str, message: dict[str, Any]) -> None:
        """A message that went over a channel, which must be as told."""
        name = message["type"]
        assert name in self.told(action, channel), f"nobody told that {channel} would {action} {name}"
        assert name in self.document["channels"][channel]["messages"]
        self.is_a(name, message)

    def is_a(self, name: str, message: Any) -> None:
        """Whether a value is as the message `name` says."""
        faults = self.faults(name, message)
        assert not faults, f"{message}: {faults}"

    def faults(self, name: str, message: Any) -> list[str]:
        """What keeps a value from being this message."""
        components = self.document["components"]
        schema = {"components": components, "allOf": [components["messages"][name]["payload"]]}
        validator = Draft7Validator(schema, format_checker=FormatChecker())
        return [f"{fault.json_path}: {fault.message[:300]}" for fault in validator.iter_errors(message)]


def _names(references: list[dict[str, str]]) -> set[str]:
    return {reference["$ref"].rpartition("/")[2] for reference in references}
