"""The two spellings of a parameter: `fast_period` in Python, `fastPeriod` in the contract."""


def camel_case(name: str) -> str:
    """`fast_period` → `fastPeriod`, as the contract's structs are renamed."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
