"""Which known fields of a request are not built yet: refused by name, never ignored."""

from server.contract.problems import FieldError, ForgeError
from server.contract.requests import DATA_AXIS, BacktestRequest, OptimizationRequest


def refuse_unsupported(request: BacktestRequest | OptimizationRequest) -> None:
    """Raises ForgeError `not_supported` that names every field whose feature is missing."""
    asked = _of_optimization(request) if isinstance(request, OptimizationRequest) else {}
    missing = [FieldError(path=path, message=f"{what} is not supported yet") for path, what in asked.items()]
    if missing:
        detail = "; ".join(f"{error.path}: {error.message}" for error in missing)
        raise ForgeError("not_supported", detail, errors=tuple(missing))


def _of_optimization(request: OptimizationRequest) -> dict[str, str]:
    asked: dict[str, str] = {}
    if request.event_log:
        asked["eventLog"] = "the event log of an optimization"
    if request.method == "walkForward" and DATA_AXIS in request.axes:
        asked[f"axes.{DATA_AXIS}"] = "walk-forward over several data sets"
    return asked
