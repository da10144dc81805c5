"""How the failure of a task is told to the one who asked for it."""

from server.contract.problems import CODES, FieldError, ForgeError, ProblemCode
from server.execution.tasks import TaskFailed


def as_error(failure: TaskFailed) -> ForgeError:
    """The ForgeError of a task that was part of a request: refused input keeps its code and fields."""
    code: ProblemCode = "invalid_request"
    if failure.code in CODES:
        code = failure.code
    errors = tuple(FieldError(path=path, message=message) for path, message in failure.errors)
    return ForgeError(code, failure.message, errors=errors)
