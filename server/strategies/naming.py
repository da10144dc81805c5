"""The two spellings of a parameter: `fast_period` in Python, `fastPeriod` in the contract."""


def camel_case(name: str) -> str:
    """`fast_period` → `fastPeriod`, as the contract's structs are renamed."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake_case(name: str) -> str:
    """`fastPeriod` → `fast_period`: a spelling that `camel_case` leads back from."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
