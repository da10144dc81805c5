"""Calls between modules that are compiled apart.

numba links whatever a function calls into it and optimises it anew, so every strategy would compile the kernel once
more. Instead the kernel's entries are made known to LLVM by name, and a strategy's module calls those names.
"""

from collections.abc import Callable
from typing import Any, Final

import llvmlite.binding as llvm
from llvmlite import ir
from numba import njit
from numba.core import cgutils
from numba.core.types.misc import unliteral
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

# `_nrt=False`: no reference counting, of which code without allocation has no need (5 to 8 times faster), and
# `forceinline` (twice as fast on every bar) are private options: numba is pinned for them, a benchmark shows the gain.
# error_model 'python': a division by zero raises, as it does in the interpreter. Never fastmath: fills would differ.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "cache": True, "_nrt": False, "error_model": "python"}


def compiled(function: Callable[..., Any]) -> Any:
    """Compiles a function when it is first called, or loads it from the folder of its module."""
    return _unliteral(njit(**_OPTIONS)(function))


def inlined(function: Callable[..., Any]) -> Any:
    """As `compiled`, for code that runs on every bar: it becomes part of whoever calls it."""
    return _unliteral(njit(forceinline=True, **_OPTIONS)(function))


def publish(symbol: str, dispatcher: Any, argument_types: tuple[Any, ...]) -> None:
    """Compiles (or loads) one function and makes it callable by `symbol` in this process."""
    dispatcher.compile(argument_types)
    overload = dispatcher.overloads[argument_types]
    llvm.add_symbol(symbol, overload.library.get_pointer_to_function(overload.fndesc.llvm_func_name))


def external(symbol: str, argument_types: tuple[Any, ...], return_type: Any) -> Callable[..., Any]:
    """A function for compiled code that calls what was published as `symbol`; exceptions pass through."""

    def generate(context: Any, builder: Any, _: Any, values: Any) -> Any:
        function_type = context.call_conv.get_function_type(return_type, argument_types)
        function = _gate(builder.module, function_type, symbol)
        status, result = context.call_conv.call_function(builder, function, return_type, argument_types, values)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return result

    typed = Signature(return_type, argument_types, None), generate
    # numba wants each argument by a name of its own
    names = ", ".join(f"argument_{number}" for number in range(len(argument_types)))
    function: Callable[..., Any] = intrinsic(eval(f"lambda context, {names}: typed", {"typed": typed}))
    return function


def _gate(module: Any, function_type: Any, symbol: str) -> Any:
    """A function of the module that calls `symbol` and keeps all registers as they are.

    The bar loop then has its numbers in registers on the bars without orders, which are most: a plain call in it,
    taken or not, has them kept in memory.
    """
    name = f"{symbol}_gate"
    if name in module.globals:
        return module.globals[name]
    function = cgutils.get_or_insert_function(module, function_type, symbol)
    gate = ir.Function(module, function_type, name)
    gate.linkage = "internal"
    gate.calling_convention = "preserve_mostcc"
    gate.attributes.add("cold")
    gate.attributes.add("noinline")
    builder = ir.IRBuilder(gate.append_basic_block())
    builder.ret(builder.call(function, gate.args))
    return gate


def _unliteral(dispatcher: Any) -> Any:
    """Lets a function be compiled once for int64, not for each constant that it is called with."""
    template = dispatcher.get_call_template

    def plain(arguments: Any, keywords: Any) -> Any:
        return template(tuple(unliteral(argument) for argument in arguments), keywords)

    dispatcher.get_call_template = plain
    return dispatcher
