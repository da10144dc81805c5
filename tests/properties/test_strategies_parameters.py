"""Parameters of requests: whatever is sent becomes a typed value within bounds, or an error at its path."""

from hypothesis import given
from hypothesis import strategies as st

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.strategies.parameters import bind_parameters

INFOS = [
    ParameterInfo(name="period", type="int", default=10, min=2, max=200, step=1),
    ParameterInfo(name="factor", type="float", default=1.5, min=-1.0),
    ParameterInfo(name="exact", type="bool", default=False),
    ParameterInfo(name="side", type="choice", default="long", choices=["long", "short"]),
]
values: st.SearchStrategy[ParamValue] = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.sampled_from(["long", "short"]), st.text("abé 1", max_size=5)
)


@given(st.dictionaries(st.sampled_from(["period", "factor", "exact", "side", "other"]), values))
def test_parameters_are_bound_or_named(sent: dict[str, ParamValue]) -> None:
    refusal = None
    try:
        bound = bind_parameters(INFOS, sent, "strategyParameters")
    except InvalidRequest as error:
        refusal = error
    if refusal is not None:
        assert refusal.errors
        assert {field.path.removeprefix("strategyParameters.") for field in refusal.errors} <= sent.keys()
        return
    assert [*bound] == [info.name for info in INFOS]
    assert [type(value) for value in bound.values()] == [int, float, bool, str]
    assert all(bound[name] == value for name, value in sent.items())
    assert bind_parameters(INFOS, bound, "strategyParameters") == bound
