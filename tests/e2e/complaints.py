"""What a browser complained of while a test went on."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Response


class Complaints:
    """Errors, refused styles and scripts, and requests at which the server broke."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._expected: list[str] = []

    def expect(self, *patterns: str) -> None:
        """Complaints like these belong to the test."""
        self._expected += patterns

    def unexpected(self) -> list[str]:
        """All others."""
        return [text for text in self._told if not any(re.search(pattern, text) for pattern in self._expected)]

    def listen(self, context: BrowserContext) -> None:
        """Hears every page, those too that are opened later."""
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._told.append(str(error.error)))
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._told.append(message.text)

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self._told.append(f"{response.status} from {response.url}")
