"""What the compiler knows of Strategy is what Strategy has: a new method cannot be forgotten."""

import inspect
from typing import Final

import pytest

from server.engine.compile import api
from server.engine.compile.kinds import Kind
from server.engine.kernel.records import NO_PRICE
from server.strategies import Bar, Fill, Open, Strategy

UNCOMPILED: Final = {"init", "normalize"}
PUBLIC: Final = {name: member for name, member in vars(Strategy).items() if not name.startswith("_")}
METHODS: Final = [
    name
    for name, member in PUBLIC.items()
    if inspect.isfunction(member) and name not in UNCOMPILED and name not in api.HANDLERS
]
KINDS: Final = {
    "int": Kind.INT,
    "str": Kind.INT,  # the number of a text
    "float": Kind.FLOAT,
    "float | None": Kind.FLOAT,
    "bool": Kind.BOOL,
    "None": Kind.NONE,
}
"""What stands for an annotation."""
_LEFT_OUT: Final = {("signal", "strength"): "math__.nan"}


def kind_of(annotation: object) -> Kind:
    """The kind of an annotated argument or result."""
    return KINDS[annotation.__name__ if isinstance(annotation, type) else str(annotation)]


def test_every_method_and_property_is_known_and_no_other() -> None:
    assert set(METHODS) == set(api.METHODS)
    assert {name for name, member in PUBLIC.items() if isinstance(member, property)} == set(api.PROPERTIES)


def test_every_handler_is_known_with_what_it_is_handed() -> None:
    handlers = {name for name, member in PUBLIC.items() if name.startswith("on_") and inspect.isfunction(member)}
    assert handlers == set(api.HANDLERS)
    for name, handed in (("on_bar", Bar), ("on_open", Open), ("on_fill", Fill)):
        view = api.HANDLERS[name]
        assert [field for field, _ in view.fields] == list(handed._fields)
        assert dict(view.fields) == {field: kind_of(annotation) for field, annotation in handed.__annotations__.items()}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_takes_the_same_arguments_in_both_forms(name: str) -> None:
    signature = inspect.signature(getattr(Strategy, name))
    parameters = list(signature.parameters.values())[1:]
    known = api.METHODS[name].arguments
    assert [one.name for one in known] == [one.name for one in parameters]
    assert [one.kind for one in known] == [kind_of(one.annotation) for one in parameters]
    assert api.METHODS[name].result is kind_of(signature.return_annotation)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_the_same_defaults_in_both_forms(name: str) -> None:
    parameters = list(inspect.signature(getattr(Strategy, name)).parameters.values())[1:]
    for known, one in zip(api.METHODS[name].arguments, parameters, strict=True):
        if one.default is one.empty:
            assert known.default is None
        elif one.default is None:
            assert known.default == (str(NO_PRICE) if known.price else _LEFT_OUT.get((name, known.name), ""))
        else:
            assert known.default == str(one.default)


@pytest.mark.parametrize("name", ["buy", "sell"])
def test_all_but_the_quantity_of_an_order_is_given_by_keyword(name: str) -> None:
    parameters = list(inspect.signature(getattr(Strategy, name)).parameters.values())[1:]
    assert [one.name for one in parameters if one.kind is not one.KEYWORD_ONLY] == ["quantity"]


@pytest.mark.parametrize("name", [name for name in METHODS if name not in ("buy", "sell")])
def test_the_arguments_of_other_methods_are_given_in_either_way(name: str) -> None:
    parameters = list(inspect.signature(getattr(Strategy, name)).parameters.values())
    assert {one.kind for one in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}


@pytest.mark.parametrize("name", api.PROPERTIES)
def test_a_property_has_the_same_kind_in_both_forms(name: str) -> None:
    getter = vars(Strategy)[name].fget
    assert api.PROPERTIES[name][1] is kind_of(inspect.signature(getter).return_annotation)
