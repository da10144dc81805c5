"""Whole-number arithmetic that notices when 64 bits do not hold the result, at the price of one jump."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


def _checked(operation: str) -> Any:
    def typed(_: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            pair = ir.LiteralStructType([ir.IntType(64), ir.IntType(1)])
            kind = ir.FunctionType(pair, [ir.IntType(64), ir.IntType(64)])
            name = f"llvm.{operation}.with.overflow.i64"
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            result = builder.call(function, values)
            with cgutils.if_unlikely(builder, builder.extract_value(result, 1)):
                context.call_conv.return_user_exc(builder, OverflowError, ("a whole number leaves 64 bits",))
            return builder.extract_value(result, 0)

        return types.int64(types.int64, types.int64), generate

    return intrinsic(typed)


add = _checked("sadd")
sub = _checked("ssub")
mul = _checked("smul")
