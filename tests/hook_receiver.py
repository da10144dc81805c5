"""A receiver of webhooks on a real socket."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, NamedTuple

SECRET: Final = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
_LIMIT_S: Final = 20.0


class Got(NamedTuple):
    """One message as it came: header names in lower case, and what was answered."""

    headers: dict[str, str]
    body: bytes
    status: int


class HookReceiver:
    """Answers with the statuses in `answers`, one after the other, then with `status`; all that comes is in `got`."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.answers: list[int] = []
        self.silent = threading.Event()
        self.got: list[Got] = []
        self._news = threading.Condition()

    @property
    def taken(self) -> list[Got]:
        """What was answered with success."""
        return [got for got in self.got if got.status == 200]

    def until(self, count: int, *, taken: bool = True) -> list[Got]:
        """What has come once so many were taken, or with `taken` False came at all."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.taken if taken else self.got) >= count, _LIMIT_S), self.got
            return list(self.taken if taken else self.got)

    def answer(self, headers: dict[str, str], body: bytes) -> int:
        """Notes a message; the status to answer with."""
        with self._news:
            status = self.answers.pop(0) if self.answers else self.status
            self.got.append(Got(headers, body, status))
            self._news.notify_all()
            return status


@contextmanager
def receiving() -> Iterator[HookReceiver]:
    """One that listens while the block lasts; while `silent` is set it takes messages and answers nothing."""
    receiver, over = HookReceiver(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.answer({name.lower(): value for name, value in self.headers.items()}, body)
            if receiver.silent.is_set():
                over.wait(_LIMIT_S)
                return
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
