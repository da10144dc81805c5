"""What can go wrong when a client talks to a server."""

from collections.abc import Sequence

from server.contract.problems import FieldError


class ClientError(Exception):
    """The base of everything that the client raises."""


class ProblemError(ClientError):
    """The server refused a request: `code` is stable, `errors` names the fields, `retry_after_s` when it tells one."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 0,
        errors: Sequence[FieldError] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s


class ConnectionFailed(ClientError):
    """No server could be asked at `url`."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"No server answers at {url} ({reason}). Start one with `forge serve`, "
            "or name another with FORGE_URL or --url."
        )
        self.url = url
        self.reason = reason


class NoResult(ClientError):
    """A run has no result: it has not completed; `status` is how it stands."""

    def __init__(self, run_key: str, status: str) -> None:
        super().__init__(f"{run_key} has no result: it is {status}.")
        self.run_key = run_key
        self.status = status
