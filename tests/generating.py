"""Small strategies as random text: arithmetic on bars, fields, windows and indicators, conditions, loops, orders."""

from typing import Any, Final

from hypothesis import strategies as st

_INIT: Final = """\
self.n = 1
self.m = 0
self.x = 0.5
self.y = 0.0
self.b = False
self.w = window(3)
self.v = int_window(4)
self.sma = Sma(3)
self.ema = Ema(4)
self.bands = Bollinger(5, 1.5)
self.high = RollingMax(4)
"""
_METHODS: Final = """\
plots = {"x": "raw", "w_first": "quote", "bands": "quote", "spread": "raw", "sma": "quote"}
kind: str = param("one", choices=["one", "two"])
size: int = param(2, min=1, max=5)
share: float = param(0.25, min=0.0, max=1.0)

def mixed(self, a, b=2.5):
    if a > b:
        return a - b
    return b * 0.5

def counted(self, k):
    self.m = (self.m + k) % 1000
    return self.m

@property
def w_first(self):
    return self.w[0]

@property
def spread(self):
    return self.sma.value - self.ema.value
"""
_LEAVES: Final = {
    "int": (
        *("bar.i", "bar.close", "bar.high", "bar.low", "bar.open", "bar.volume", "self.n", "self.m", "self.size"),
        *("self.v[0]", "self.v[bar.i % 4]", "len(self.w)", "k", "0", "1", "2", "-3", "7", "1000", "self.last_price()"),
        *("self.high.value", "self.sma.total", "self.open_orders"),
    ),
    "float": (
        *("self.x", "self.y", "self.share", "self.w[1]", "self.w[self.n % 3]", "self.spread", "self.ema.value"),
        *("self.bands.upper", "0.0", "0.5", "-2.5", "1e9", "self.position", "self.equity", "u"),
    ),
    "bool": ("self.b", "self.sma.ready", "True", "False", "(self.kind == 'one')", "('two' != self.kind)"),
}


def _pick(*options: str) -> st.SearchStrategy[str]:
    return st.sampled_from(options)


def _joined(pattern: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda **chosen: pattern.format(**chosen), **parts)


def expressions(kind: str, depth: int) -> st.SearchStrategy[str]:
    """An expression of a kind: int, float or bool."""
    leaf = st.sampled_from(_LEAVES[kind])
    if depth == 0:
        return leaf
    i, f, b = (expressions(one, depth - 1) for one in ("int", "float", "bool"))
    number = st.one_of(i, f)
    order = _pick("<", "<=", ">", ">=", "==", "!=")
    match kind:
        case "int":
            return st.one_of(
                leaf,
                _joined("({a} {op} {b})", a=i, op=_pick("+", "-", "*", "&", "|", "^"), b=i),
                _joined("({a} {op} ({b} {plus} 1))", a=i, op=_pick("//", "%"), b=i, plus=_pick("|", "|", "|", "+")),
                _joined("({a} {op} {b})", a=i, op=_pick("<<", ">>"), b=_pick("1", "3", "bar.i % 5")),
                _joined("(-{a})", a=i),
                _joined("{f}({a})", f=_pick("int", "round", "math.floor", "math.ceil"), a=number),
                _joined("abs({a})", a=i),
                _joined("{f}({a}, {b})", f=_pick("min", "max"), a=i, b=i),
                _joined("({a} if {c} else {b})", a=i, c=b, b=i),
                _joined("(~{a} + {c})", a=i, c=b),
                _joined("self.counted({a} % 7)", a=i),
            )
        case "float":
            return st.one_of(
                leaf,
                _joined("({a} {op} {b})", a=f, op=_pick("+", "-", "*"), b=number),
                _joined("({a} {op} ({b} + 0.125))", a=f, op=_pick("/", "//", "%"), b=number),
                _joined("({a} / ({b} | 1))", a=i, b=i),
                _joined("(-{a})", a=f),
                _joined("{f}({a}, {b}, {c})", f=_pick("min", "max"), a=number, b=f, c=number),
                _joined("math.sqrt(abs({a}))", a=number),
                _joined("math.{f}({a})", f=_pick("fabs", "atan", "tanh"), a=number),
                _joined("float({a})", a=st.one_of(number, b)),
                _joined("({a} if {c} else {b})", a=f, c=b, b=f),
                _joined("float(self.mixed({a}, {b}))", a=f, b=f),
                _joined("float(self.mixed({a}))", a=i),
            )
        case _:
            return st.one_of(
                leaf,
                _joined("({a} {op} {b})", a=number, op=order, b=number),
                _joined("({a} {op} {b} {or_} {c})", a=i, op=order, b=i, or_=order, c=number),
                _joined("({a} {op} {b})", a=b, op=_pick("and", "or"), b=b),
                _joined("(not {a})", a=st.one_of(b, number)),
                _joined("bool({a})", a=number),
                _joined("math.isnan({a})", a=f),
            )


@st.composite
def _statement(draw: Any, depth: int) -> list[str]:
    def written(kind: str) -> str:
        return str(draw(expressions(kind, 2)))

    def block() -> list[str]:
        return ["    " + line for _ in range(draw(st.integers(1, 2))) for line in draw(_statement(depth - 1))]

    choice = draw(st.integers(0, 12 if depth else 8))
    match choice:
        case 0:
            return [f"self.n = {written('int')} % 1009"]
        case 1:
            return [f"self.{draw(_pick('x', 'y'))} = {written(draw(_pick('int', 'float')))}"]
        case 2:
            return [f"self.b = {written('bool')}"]
        case 3:
            return [f"self.v[{draw(_pick('0', '3', 'bar.i % 4', 'self.m % 4'))}] = {written('int')}"]
        case 4:
            operator = draw(_pick("=", "=", "+=", "-=", "*="))
            return [f"self.w[bar.i % 3] {operator} {written(draw(_pick('int', 'float')))}"]
        case 5:
            return [f"u {draw(_pick('=', '+=', '-='))} {written('float')}", "u = u if abs(u) < 1e12 else 1.0"]
        case 6:
            return [f"self.n {draw(_pick('+=', '-=', '^=', '*='))} {written('int')}", "self.n %= 1013"]
        case 7:
            return [f"self.sma.update({written('int')} % 5000)", f"self.ema.update({written('int')} % 5000)"]
        case 8:
            return [draw(_order())]
        case 9:
            other = ["else:", *block()] if draw(st.booleans()) else []
            return [f"if {written('bool')}:", *block(), *other]
        case 10:
            return [f"for k in range({draw(_pick('3', 'self.size', 'self.n % 5', '4, 0, -1'))}):", *block(), "k = 2"]
        case 11:
            head = ["j = 0", "while j < self.size:", "    j += 1"]
            leave = [f"    if {written('bool')}:", f"        {draw(_pick('break', 'continue'))}"]
            return [*head, *leave, *block()]
        case _:
            return [f"u, self.n = {written('float')}, {written('int')} % 97"]


def _order() -> st.SearchStrategy[str]:
    f, i = expressions("float", 1), expressions("int", 1)
    side = _pick("buy", "sell")
    return st.one_of(
        _joined("self.{side}({n} % 4)", side=side, n=i),
        _joined("self.{side}(1, limit=bar.close + {d} % 20 - 10)", side=side, d=i),
        _joined("self.{side}(share=0.3, stop=bar.close + {d})", side=side, d=f),
        _joined("self.m = self.buy(1, stop_loss=bar.low - abs({d} % 9), take_profit=bar.high + 5)", d=f),
        _joined("self.cancel({n})", n=i),
        _joined("self.signal(self.kind, {d}, {x})", d=i, x=st.one_of(i, f)),
        _pick("self.warn('quiet')", "self.close()", "self.cancel_all()", "self.move_stop(self.m, bar.low - 2)"),
    )


@st.composite
def sources(draw: Any) -> str:
    """The text of a class Probe, below the header of tests.written."""
    body = [
        "u = 0.25",
        "k = bar.i % 3",
        "self.sma.update(bar.close)",
        "self.ema.update(bar.close)",
        "self.bands.update(bar.close)",
        "self.high.update(bar.high)",
    ]
    for _ in range(draw(st.integers(3, 8))):
        body += draw(_statement(2))
    lines = ["class Probe(Strategy):", *("    " + line for line in _METHODS.splitlines()), "    def init(self):"]
    lines += ["        " + line for line in _INIT.splitlines()]
    if draw(st.booleans()):
        lines += ["    def on_fill(self, fill):", f"        self.x = fill.price + {draw(expressions('float', 0))}"]
        lines = [line.replace("+ u", "+ 1.5") for line in lines]
    return "\n".join([*lines, "    def on_bar(self, bar):", *("        " + line for line in body), ""])
