"""Serves the built dashboard: hashed assets for ever, every other path the page itself."""

from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_FOREVER: Final = "public, max-age=31536000, immutable"
_NOT_BUILT: Final = (
    "The dashboard is not built. Run `make web` in a checkout (it needs Node 20.19 or newer), or install a wheel.\n"
    "The API works all the same: see /api/docs.\n"
)


class Dashboard:
    """An ASGI app over the folder of the built page; the page routes by itself, so unknown paths are the page too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET and HEAD alone."""
        await self._response(scope)(scope, receive, send)

    def _response(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
        page = self._folder / "index.html"
        if not page.is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        name = scope["path"].lstrip("/")
        if name.startswith("assets/") or "." in name.rsplit("/", 1)[-1]:
            file = self._inside(name)
            if file is not None:
                cache = _FOREVER if name.startswith("assets/") else "no-cache"
                return FileResponse(file, headers={"Cache-Control": cache})
            if name.startswith("assets/"):
                return PlainTextResponse("Not Found", 404)
        return FileResponse(page, headers={"Cache-Control": "no-cache"})

    def _inside(self, name: str) -> Path | None:
        """The file of that name, None for what is no file or lies outside the folder."""
        if "\0" in name:
            return None
        file = (self._folder / name).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None
