"""Records and items by their addresses: copies on the stack, of which one that never escapes is split into registers;
rows; columns."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def stack_copy(_: Any, record: Any) -> Any:
    """A copy of `record` for the length of the call; what is written to it is lost unless `copy_back` takes it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        room = cgutils.alloca_once(builder, ir.ArrayType(ir.IntType(8), record.size))
        room.align = 16
        copy = builder.bitcast(room, arguments[0].type)
        cgutils.raw_memcpy(builder, copy, arguments[0], ir.Constant(ir.IntType(64), record.size), 1)
        return copy

    return record(record), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def copy_back(_: Any, record: Any, copy: Any) -> Any:
    """Writes a copy's fields to the record that it was made of."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        size = ir.Constant(ir.IntType(64), copy.size)
        cgutils.raw_memcpy(builder, arguments[0], arguments[1], size, 1)
        return context.get_dummy_value()

    return types.none(record, copy), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def row(_: Any, first: Any, index: Any) -> Any:
    """The record that lies `index` records behind `first`, which is the first of an array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.gep(arguments[0], [arguments[1]])

    return first(first, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def first_of(_: Any, column: Any) -> Any:
    """The address of an array's first item: one word to hand on, where an array has seven."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(column)(context, builder, arguments[0]).data

    return types.CPointer(column.dtype)(column), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def bits_of(_: Any, number: Any) -> Any:
    """The 64 bits of a float as a whole number."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def interrupted(_: Any, account: Any) -> Any:
    """Whether somebody outside asks the code to end; looked up each time, where a plain field is read once a loop."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = builder.bitcast(arguments[0], ir.IntType(8).as_pointer())
        place = builder.gep(start, [ir.Constant(ir.IntType(64), account.offset("interrupt"))])
        flag = builder.load_atomic(builder.bitcast(place, ir.IntType(64).as_pointer()), "monotonic", 8)
        return builder.icmp_signed("!=", flag, ir.Constant(ir.IntType(64), 0))

    return types.boolean(account), generate
