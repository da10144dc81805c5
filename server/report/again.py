"""How a run is done again: its request, as `curl` sends it, and as `forge` takes it where that has options for it."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from server.contract.base import plain
from server.report.markup import Html, code, element, section

Json = Mapping[str, Any]
Kind = Literal["backtest", "optimization"]

_SPELT: Final = {
    "startTime": "--from",
    "endTime": "--to",
    "initialCash": "--cash",
    "slippageTicks": "--slippage",
    "riskFreeRate": "--risk-free-rate",
    "timeoutSeconds": "--timeout",
    "label": "--label",
    "priority": "--priority",
    "method": "--method",
    "budget": "--budget",
    "seed": "--seed",
    "sortBy": "--sort-by",
    "timeBudgetSeconds": "--time-budget",
    "maxCombinations": "--max-combinations",
    "trialTimeoutSeconds": "--trial-timeout",
    "maxParallelism": "--max-parallelism",
}
_FLAGS: Final = {"closeAtEnd": "--close-at-end", "eventLog": "--event-log"}
_SERIES: Final = {"assetName": "--asset", "exchange": "--exchange", "timeFrame": "--time-frame"}
_WALK: Final = {"windows": "--windows", "outOfSamplePct": "--out-of-sample", "objective": "--chosen-by"}
_STOPS: Final = {"targetMetric": "--target", "noImprovementTrials": "--patience"}
_DEFAULTS: Final[Json] = {
    "cashFlows": [],
    "slippageTicks": 0,
    "account": {"type": "cash"},
    "closeAtEnd": False,
    "riskFreeRate": 0.0,
    "compile": "auto",
    "eventLog": False,
    "priority": "normal",
    "conditions": [],
    "method": "grid",
    "seed": 0,
    "sortBy": "fitness",
    "objectives": [],
    "filters": {},
    "stopRules": {},
    "maxCombinations": 500_000,
    "keepCurves": 100,
}
"""What the command line, or the server, takes for what is left out."""
FILE: Final = "request.json"
_LONG: Final = 20_000
"""Characters of a request that no command line should hold."""
_BREAK: Final = " \\\n  "


class _NoOption(Exception):
    """`forge` has no option for this."""


def again(kind: Kind, request: Json, server: str, report: str) -> Html:
    """The section; `server` is the address at which the run was, `report` that of this file below it."""
    wanted = {name: value for name, value in request.items() if name != "force"}
    command = forge_command(kind, wanted)
    return section(
        "How to do it again",
        element("p", "The same request on the same data, source and engine gives the same result to the last digit."),
        *(
            (element("h3", "With forge"), code(command))
            if command and len(command) <= _LONG
            else (element("p", "A command line cannot say all of this; the request says it whole."),)
        ),
        element("h3", "With curl"),
        *([element("p", f"Copy the request below into {FILE} first.")] if len(_compact(wanted)) > _LONG else []),
        code(curl_command(kind, wanted, server)),
        element("h3", "The request"),
        code(_written(wanted)),
        element("p", "This report: ", element("code", server + report)),
    )


def curl_command(kind: Kind, request: Json, server: str) -> str:
    """Sends the request; a long one out of the file FILE, into which it is to be copied."""
    body = _compact(request)
    data = f"--data-raw {shlex.quote(body)}" if len(body) <= _LONG else f"--data @{FILE}"
    parts = (
        f"curl -X POST {shlex.quote(f'{server}/api/{kind}s')}",
        "-H 'Content-Type: application/json'",
        data,
    )
    return _BREAK.join(parts)


def _written(request: Json) -> str:
    """A line for each field, unless that would be thousands."""
    body = _compact(request)
    return body if len(body) > _LONG else json.dumps(request, indent=2, ensure_ascii=False)


def _compact(request: Json) -> str:
    return json.dumps(request, ensure_ascii=False, separators=(",", ":"))


def forge_command(kind: Kind, request: Json) -> str | None:
    """`forge submit …` or `forge optimize …`; None where it has no options for all that the request says."""
    try:
        said = {name: value for name, value in request.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
        words = list(_words(kind, said))
    except _NoOption:
        return None
    begin = ["forge", "submit" if kind == "backtest" else "optimize", str(request.get("strategyName"))]
    return _BREAK.join([shlex.join(begin), *map(shlex.join, words)])


def _words(kind: Kind, left: dict[str, Any]) -> Iterator[list[str]]:
    """The options, each with its value; takes what it has an option for out of `left`."""
    left.pop("strategyName", None)
    yield from _series(left)
    yield from _costs(left)
    if kind == "backtest":
        yield from (["-p", f"{name}={_typed(value)}"] for name, value in left.pop("strategyParameters", {}).items())
    else:
        yield from _search(left)
    for name, option in _SPELT.items():
        if name in left:
            yield [option, plain(left.pop(name))]
    for name, option in _FLAGS.items():
        if left.pop(name, False):
            yield [option]
    if left:
        raise _NoOption(next(iter(left)))


def _series(left: dict[str, Any]) -> Iterator[list[str]]:
    several = left.pop("dataSubscriptions", None)
    if several is not None:
        yield from (["--data", f"{one['assetName']}:{one['exchange']}:{one['timeFrame']}"] for one in several)
    yield [word for name, option in _SERIES.items() if name in left for word in (option, str(left.pop(name)))]
    flows = left.pop("cashFlows", None)
    if flows:
        yield ["--cash-flows", ",".join(flows)]


def _costs(left: dict[str, Any]) -> Iterator[list[str]]:
    commission = left.pop("commission", None) or {"model": "rate", "value": left.pop("commissionPerTrade", 0.0)}
    if commission.get("model") != "rate" or commission.get("minimum"):
        raise _NoOption("commission")
    yield ["--commission", plain(commission.get("value", 0.0))]
    account = dict(left.pop("account", {}))
    if "type" in account:
        yield ["--account", account.pop("type")]
    if "leverage" in account:
        yield ["--leverage", plain(account.pop("leverage"))]
    if account:
        raise _NoOption("account")
    if left.pop("compile", "auto") == "off":
        yield ["--no-compile"]


def _search(left: dict[str, Any]) -> Iterator[list[str]]:
    for name, axis in left.pop("axes", {}).items():
        yield ["-x", f"{name}={_axis(axis)}"]
    yield from (["--condition", text] for text in left.pop("conditions", []))
    yield from (["--objective", f"{one['metric']}={one['direction']}"] for one in left.pop("objectives", []))
    fitness = left.pop("fitness", {}).get("weights", {})
    yield from (["--weight", f"{name}={plain(weight)}"] for name, weight in fitness.items())
    yield from (["--filter", f"{name}={plain(bound)}"] for name, bound in left.pop("filters", {}).items())
    yield from _of(left.pop("stopRules", {}), _STOPS)
    walk = dict(left.pop("walkForward", {}))
    if walk.pop("anchored", False):
        yield ["--anchored"]
    yield from _of(walk, _WALK)


def _of(values: Json, options: Mapping[str, str]) -> Iterator[list[str]]:
    for name, value in values.items():
        if name not in options:
            raise _NoOption(name)
        yield [options[name], plain(value)]


def _axis(axis: Json) -> str:
    """An axis as `-x` takes it."""
    if "fixed" in axis:
        return _typed(axis["fixed"])
    if "values" in axis:
        values = axis["values"]
        if any(isinstance(value, dict) or (isinstance(value, str) and "," in value) for value in values):
            raise _NoOption("values")
        return ",".join(map(_typed, values)) + ("," if len(values) == 1 else "")
    return ":".join(plain(axis[part]) for part in ("min", "max", "step") if axis.get(part) is not None)


def _typed(value: Any) -> str:
    """A parameter's value as the command line reads it back: text that looks like something else in quotes."""
    if not isinstance(value, str):
        return plain(value)
    looks_else = value in ("true", "false", "") or any(sign in value for sign in ':,"') or _is_number(value)
    return f'"{value}"' if looks_else or value != value.strip() else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
