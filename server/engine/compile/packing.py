"""Turns an object that is laid out as compiled code expects into the values of its record."""

from array import array
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.engine.compile.kinds import Kind, Layout, Text, Window
from server.strategies.window import Window as WindowOfNumbers

_TYPES: Final = {Kind.INT: int, Kind.FLOAT: float, Kind.BOOL: bool}


class OtherLayout(ValueError):
    """An object is not laid out as the compiled form expects."""


class Arenas(NamedTuple):
    """Where the windows of all packed objects lie, one after the other."""

    floats: "array[float]"
    ints: "array[int]"

    def columns(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """The arenas as compiled code takes them; one of nothing has a number to point at all the same."""
        return np.array(self.floats or [0.0], dtype=np.float64), np.array(self.ints or [0], dtype=np.int64)


def arenas() -> Arenas:
    """Arenas without any windows."""
    return Arenas(array("d"), array("q"))


class Packer:
    """Packs objects of one layout; for a hundred thousand of them, so it is laid out once what they have to be."""

    def __init__(self, layout: Layout) -> None:
        self._of = layout.of
        self._numbers: list[tuple[int, str, type]] = []
        self._windows: list[tuple[int, str, type]] = []
        self._objects: list[tuple[int, str, Packer]] = []
        self._texts: list[tuple[str, str]] = []
        self._fields = len(layout.fields)
        place = 0
        for name, kind in layout.fields:
            match kind:
                case Layout():
                    self._objects.append((place, name, Packer(kind)))
                case Window():
                    self._windows.append((place, name, _TYPES[kind.element]))
                    place += 1
                case Text():
                    self._texts.append((name, kind.value))
                    continue
                case Kind():
                    self._numbers.append((place, name, _TYPES[kind]))
                case _:
                    raise AssertionError(f"{name} is no field of a record")
            place += 1
        self.size = max(place, 1)
        """How many values there are: one where the layout has no fields."""

    def values(self, item: Any, into: Arenas) -> tuple[Any, ...]:
        """The values in the order of `server.engine.compile.layout.record_fields`, windows appended to the arenas.

        OtherLayout when the object is of another class, or has other fields, or fields of other kinds.
        """
        if type(item) is not self._of or len(vars(item)) != self._fields:
            raise OtherLayout
        state = vars(item)
        values: list[Any] = [0] * self.size
        for place, name, of in self._numbers:
            value = state.get(name)
            if type(value) is not of:
                raise OtherLayout
            values[place] = value
        for place, name, of in self._windows:
            values[place : place + 2] = _appended(state.get(name), of, into.floats if of is float else into.ints)
        for place, name, packer in self._objects:
            values[place] = packer.values(state.get(name), into)
        if any(state.get(name) != text for name, text in self._texts):
            raise OtherLayout
        return tuple(values)


def _appended(window: Any, of: type, arena: "array[Any]") -> tuple[int, int]:
    """Where the numbers of a window begin in its arena now, and how many they are."""
    if not isinstance(window, WindowOfNumbers) or type(window[0]) is not of:
        raise OtherLayout
    first = len(arena)
    length = len(window)
    if window.count(window[0]) == length:  # as `init` mostly leaves it
        arena.extend(array(arena.typecode, window[:1]) * length)
        return first, length
    if set(map(type, window)) != {of}:
        raise OtherLayout
    arena.extend(array(arena.typecode, window))
    return first, length


def packed(packer: Packer, items: Sequence[Any], dtype: np.dtype[np.void]) -> tuple[npt.NDArray[np.void], Arenas]:
    """The records of as many items from the first on as have the layout, and their windows.

    What `dtype` has behind the fields of the layout is zero.
    """
    into = arenas()
    values: list[tuple[Any, ...]] = []
    more = (0,) * (len(dtype.names or ()) - packer.size)
    with suppress(OtherLayout):
        values.extend(packer.values(item, into) + more for item in items)
    return np.array(values, dtype=dtype), into
