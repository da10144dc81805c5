"""Every way in which a request can fail, as one small tree of errors with stable codes."""

from typing import Final, Literal, get_args

from server.contract.base import Model

ProblemCode = Literal[
    "invalid_request",
    "not_supported",
    "unknown_strategy",
    "unknown_parameter",
    "parameter_out_of_bounds",
    "unknown_dataset",
    "empty_period",
    "no_combinations",
    "too_many_combinations",
    "money_overflow",
    "run_not_found",
    "already_terminal",
    "strategy_broken",
    "bad_rows",
    "too_large",
    "unsupported_media",
    "unauthorised",
    "forbidden_origin",
    "forbidden_host",
    "rate_limited",
    "queue_full",
    "draining",
    "store_unavailable",
    "disk_full",
    "broker_unavailable",
    "unknown_message",
    "too_many_subscriptions",
    "not_found",
    "method_not_allowed",
]
CODES: Final[tuple[ProblemCode, ...]] = get_args(ProblemCode)

_STATUS: Final[dict[ProblemCode, int]] = {
    "run_not_found": 404,
    "not_found": 404,
    "already_terminal": 409,
    "method_not_allowed": 405,
    "too_large": 413,
    "unsupported_media": 415,
    "unauthorised": 401,
    "forbidden_origin": 403,
    "forbidden_host": 403,
    "rate_limited": 429,
    "queue_full": 429,
    "draining": 503,
    "store_unavailable": 503,
    "broker_unavailable": 503,
    "disk_full": 507,
}
"""HTTP status of a code; 400 for those left out."""


class FieldError(Model, frozen=True, kw_only=True):
    """One field that is wrong: `path` as in `strategyParameters.fastPeriod`, `message` says what would be right."""

    path: str
    message: str


class Problem(Model, frozen=True, kw_only=True):
    """RFC 9457 problem details with the project's extensions."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: ProblemCode
    error: str
    errors: list[FieldError] = []


class ForgeError(Exception):
    """A failure that the user can understand and act on: never a bug.

    `code` is stable, `detail` says what and where, `errors` names the fields, `retry_after_s` when trying again helps.
    """

    def __init__(
        self,
        code: ProblemCode,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code: ProblemCode = code
        self.detail = detail
        self.errors = errors
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status that carries this error."""
        return _STATUS.get(self.code, 400)

    @property
    def title(self) -> str:
        """The code in words, the same for every occurrence."""
        return self.code.replace("_", " ").capitalize()

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in (429, 503, 507)

    def problem(self, instance: str) -> Problem:
        """This error as the body of the answer to a request for `instance`."""
        return Problem(
            type=f"urn:forge:problem:{self.code}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=instance,
            code=self.code,
            error=self.detail,
            errors=list(self.errors),
        )


class InvalidRequest(ForgeError):
    """One or more fields of a request are wrong; 400."""

    def __init__(self, code: ProblemCode, path: str, message: str) -> None:
        detail = f"{path}: {message}" if path else message
        super().__init__(code, detail, errors=(FieldError(path=path, message=message),) if path else ())


class RunNotFound(ForgeError):
    """No run has this key; 404."""

    def __init__(self, run_key: str) -> None:
        super().__init__("run_not_found", f"No run has the key {run_key!r}.")
        self.run_key = run_key
