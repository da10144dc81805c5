"""The OpenAPI document of a server as a judge of its answers."""

from typing import Any, Final

import httpx
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types

_JSON: Final = ("application/json", "application/problem+json")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class OpenApiDocument:
    """Says of an answer whether the document tells of it: status, media type, body."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._components = document["components"]

    def fit(self, path: str, answer: httpx.Response) -> Any:
        """The body of an answer to a request for `path` (as the document writes it), which must be as told."""
        method = answer.request.method.lower()
        told = self.document["paths"][path][method]["responses"].get(str(answer.status_code))
        assert told is not None, f"{method} {path} answers {answer.status_code}, which nobody told: {answer.text}"
        missing = set(told.get("headers", {})) - {"Retry-After"} - _header_names(answer, told)
        assert not missing, f"{method} {path} lacks {missing}"
        if "content" not in told:
            assert answer.content == b""
            return None
        media = answer.headers["content-type"].partition(";")[0]
        assert media in told["content"], f"{method} {path} answers {media}"
        if media not in _JSON:
            return answer.text
        return self._checked(answer.json(), told["content"][media]["schema"])

    def is_a(self, name: str, value: Any) -> None:
        """Whether a value is as the component `name` says."""
        self._checked(value, {"$ref": f"#/components/schemas/{name}"})

    def _checked(self, value: Any, schema: dict[str, Any]) -> Any:
        whole = {"$schema": _DIALECT, "components": self._components, **schema}
        faults = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value))
        assert not faults, "\n".join(f"{fault.json_path}: {fault.message[:300]}" for fault in faults)
        return value


def _header_names(answer: httpx.Response, told: dict[str, Any]) -> set[str]:
    return {name for name in told.get("headers", {}) if name in answer.headers}
