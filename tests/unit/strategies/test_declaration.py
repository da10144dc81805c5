"""Parameters as strategies declare them."""

from typing import Any

import pytest

from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.strategies import Strategy, param
from server.strategies.declaration import declared_parameters
from server.strategies.errors import DeclarationError
from server.strategies.strategy import make_strategy, normalize_parameters, parameters_of


def declared(annotation: Any, declaration: Any, name: str = "period") -> ParameterInfo:
    """The parameter of a class that declares only this one."""
    made = type("Probe", (Strategy,), {name: declaration, "__annotations__": {name: annotation}})
    return parameters_of(made)[name]


def test_a_declaration_is_described_as_requests_spell_it() -> None:
    class Probe(Strategy):
        fast_period: int = param(10, min=2, max=200, step=5, description="Bars.")
        stop: float = param(5, min=0.5, unit="quote")
        side: str = param("long", choices=["long", "short"])
        exact: bool = param(False)

    assert declared_parameters(Probe) == {
        "fast_period": ParameterInfo(
            name="fastPeriod", type="int", default=10, min=2, max=200, step=5, description="Bars."
        ),
        "stop": ParameterInfo(name="stop", type="float", default=5.0, min=0.5, unit="quote"),
        "side": ParameterInfo(name="side", type="choice", default="long", choices=["long", "short"]),
        "exact": ParameterInfo(name="exact", type="bool", default=False),
    }
    assert type(declared_parameters(Probe)["stop"].default) is float


def test_bases_come_first_and_are_overridden_in_place() -> None:
    class Base(Strategy):
        first: int = param(1)
        second: int = param(2)

    class Probe(Base):
        third: int = param(3)
        first: int = param(7)

    assert {name: info.default for name, info in parameters_of(Probe).items()} == {"first": 7, "second": 2, "third": 3}


@pytest.mark.parametrize(
    ("annotation", "declaration", "told"),
    [
        (None, param(1), "needs a type annotation"),
        (list, param(1), "is an int, float, bool or str"),
        ("Decimal", param(1), "is an int, float, bool or str"),
        (int, param(1.5), "is no int"),
        (int, param(True), "is no int"),
        (int, param("10"), "is no int"),
        (float, param("x"), "is no finite float"),
        (float, param(float("nan")), "no finite float"),
        (float, param(float("-inf")), "no finite float"),
        (float, param(10**400), "no finite float"),
        (bool, param(1), "is no bool"),
        (str, param("a"), "needs choices"),
        (str, param("a", choices="abc"), "needs choices"),
        (str, param("a", choices=["b"]), "none of the choices"),
        (str, param("a", choices=["a", "a"]), "listed twice"),
        (str, param("a", choices=["a"], min=1), "are for numbers"),
        (bool, param(True, step=1), "are for numbers"),
        (int, param(1, choices=["1"]), "choices are for str"),
        (int, param(1, unit="quote"), "is a float"),
        (float, param(1.0, unit="ticks"), "raw or quote"),  # type: ignore[arg-type]  # what a user may write
        (int, param(1, min=2), "is not between"),
        (int, param(9, max=2), "is not between"),
        (int, param(1, min=5, max=2), "is above max"),
        (int, param(1, step=0), "is not positive"),
        (int, param(1, step=-1), "is not positive"),
        (int, param(1, min=0.5), "min 0.5 is no int"),
        (float, param(1.0, max=float("nan")), "max nan is no float"),
        (float, param(1.0, max=float("inf")), "max inf is no float"),
        (int, param(2**63), "64 bits"),
    ],
)
def test_a_declaration_that_cannot_be_is_told_why(annotation: Any, declaration: Any, told: str) -> None:
    with pytest.raises(DeclarationError, match=told) as refusal:
        declared(annotation, declaration)
    assert refusal.value.attribute == "period"


@pytest.mark.parametrize("name", ["position", "buy", "equity", "version", "init", "on_bar", "_hidden", "größe"])
def test_names_that_the_engine_keeps_are_refused(name: str) -> None:
    with pytest.raises(DeclarationError):
        declared(int, param(1), name)


def test_two_names_with_one_spelling_are_refused() -> None:
    class Probe(Strategy):
        fast_period: int = param(1)
        fastPeriod: int = param(2)  # the clash is the point

    with pytest.raises(DeclarationError, match="rename one"):
        parameters_of(Probe)


class Bands(Strategy):
    """Two periods in either order."""

    fast_period: int = param(10, min=1, max=100)
    slow_period: int = param(30, min=1, max=100)

    def normalize(self) -> None:
        if self.fast_period > self.slow_period:
            self.fast_period, self.slow_period = self.slow_period, self.fast_period


def test_an_instance_takes_either_spelling_and_defaults_for_the_rest() -> None:
    assert make_strategy(Bands, {"fastPeriod": 5}).fast_period == 5  # type: ignore[attr-defined]  # declared on Bands
    assert Bands(fast_period=5).slow_period == 30
    assert Bands(fastPeriod=5.0).fast_period == 5


def test_equal_sets_are_normalised_to_one() -> None:
    one = normalize_parameters(Bands, {"fastPeriod": 20, "slowPeriod": 10})
    other = normalize_parameters(Bands, {"fastPeriod": 10, "slowPeriod": 20})
    assert one == other == {"fastPeriod": 10, "slowPeriod": 20}


@pytest.mark.parametrize(
    ("parameters", "code", "path"),
    [
        ({"fastPeriode": 5}, "unknown_parameter", "Bands.fastPeriode"),
        ({"fastPeriod": 0}, "parameter_out_of_bounds", "Bands.fastPeriod"),
        ({"fastPeriod": "5"}, "invalid_request", "Bands.fastPeriod"),
        ({"fastPeriod": 5.5}, "invalid_request", "Bands.fastPeriod"),
        ({"fastPeriod": True}, "invalid_request", "Bands.fastPeriod"),
    ],
)
def test_parameters_that_cannot_be_are_named(parameters: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        make_strategy(Bands, parameters)
    assert (refusal.value.code, refusal.value.errors[0].path) == (code, path)


@pytest.mark.parametrize(("value", "code"), [(0, "parameter_out_of_bounds"), ("x", "invalid_request")])
def test_normalize_may_not_leave_the_bounds(value: Any, code: str) -> None:
    def normalize(self: Bands) -> None:
        self.fast_period = value

    with pytest.raises(InvalidRequest, match="normalize: fastPeriod") as refusal:
        make_strategy(type("Bad", (Bands,), {"normalize": normalize}), {})
    assert refusal.value.code == code


def test_the_name_of_the_axis_of_data_sets_is_kept() -> None:
    class Probe(Strategy):
        data_subscription: int = param(1)

    with pytest.raises(DeclarationError, match="the engine keeps this name"):
        parameters_of(Probe)
