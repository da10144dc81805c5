"""What cannot be compiled is told with its place, its reason and what to do instead: all of it at once."""

import textwrap
from pathlib import Path

import pytest

from server.engine.compile.check import check, why_not_compilable
from server.engine.compile.problems import NotCompilable, Problem
from server.strategies import Strategy
from server.strategies.strategy import make_strategy
from tests.written import HEADER_LINES, bars_of_code, written

STATE = """
self.fast = Sma(3)
self.slow = Sma(5)
self.ring = window(4)
self.count = 0
self.level = 0.0
self.flag = False
"""


def problems_of(strategy: type[Strategy]) -> tuple[Problem, ...]:
    """All that stands against the compiled form of a class."""
    made = make_strategy(strategy, {})
    made.init()
    with pytest.raises(NotCompilable) as refused:
        check(made)
    return refused.value.problems


def marked(folder: Path, code: str, name: str = "Probe") -> tuple[type[Strategy], list[tuple[int, int]]]:
    """The strategy of a text without its marks «, and where those stand: lines and columns, from 1 on."""
    found: list[tuple[int, int]] = []
    code = textwrap.dedent(code)
    strategy = written(folder, code.replace("«", ""), name=name)
    for number, line in enumerate(code.splitlines(), HEADER_LINES + 1):
        column = line.find("«")
        if column >= 0:
            found.append((number, column + 1))
    return strategy, found


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("«self.fast.updat(bar.close)", "Sma has no method updat (did you mean update?)"),
        ("if «bar.clos > 3: pass", "the bar has no clos (did you mean close?)"),
        ("x = «self.fats.value", "Probe has no fats (did you mean fast?)"),
        ("x = «closs + 1", "closs is not defined"),
        ("x = «lenn(self.ring)", "lenn is not defined (did you mean len?)"),
        ("self.level = «[1, 2]", "a list is created: bar code cannot allocate; create a window(n) in init()"),
        ("x = «{1: 2}", "a dict is created: bar code cannot allocate; use fields on self"),
        ("x = «{1, 2}", "a set is created: bar code cannot allocate; use fields on self"),
        ("x = «[k for k in range(3)]", "a list is created: bar code cannot allocate; write a for loop"),
        ("x = max(«(k for k in range(3)), 1)", "a generator is created: bar code cannot allocate; write a for loop"),
        ("x = «window(3)", "window() allocates: use it in init()"),
        ("x = «sorted(self.ring)", "sorted() allocates: use it in init()"),
        ("«self.late = 1", "Probe.late is not there before the first bar: create it in init()"),
        ("x = «Sma(3)", "Sma() makes an indicator: make it in init()"),
        ("«x = 'text'", "text is not available in bar code"),
        ("x = «f'{bar.i}'", "text is not available in bar code"),
        ("«print(bar.i)", "print() is not available in bar code"),
        ("«try:\n    pass\nexcept ValueError:\n    pass", "bar code cannot catch errors: test the value first"),
        ("«raise ValueError", "bar code cannot raise: return instead"),
        ("«assert bar.i", "bar code cannot assert: return instead"),
        ("«import math", "an import within bar code: move it to the top of the file"),
        ("«with self: pass", "with is not available in bar code"),
        ("«global x", "bar code keeps what it remembers on self, not in global names"),
        ("«del self.count", "del is not available in bar code"),
        ("«match bar.i:\n    case 1: pass", "match is not available in bar code: use if and elif"),
        ("x = «lambda: 3", "lambda is not available in bar code: write a method or a function of the module"),
        ("«def f(): pass", "a function within bar code: write a method or a function of the module"),
        ("if («x := bar.i): pass", ":= is not available in bar code: assign on a line before"),
        ("x = self.ring[«1:3]", "a slice is a copy: loop over the window by its indices"),
        ("x = «self.ring[-1]", "a window is indexed from 0 on"),
        ("x = self.ring[«1.5]", "the index of a window is a whole number, this is float; use int() or round()"),
        ("x = «bar.close ** 2", "** may differ in the last bit between Python and compiled code: write x * x"),
        ("x = «bar.close @ 2", "@ is not available in bar code"),
        ("x = «(bar.close / 2) & 1", "bar.close / 2 & 1 needs whole numbers"),
        ("if «bar.i in (1, 2): pass", "in and is are not available in bar code: compare with == or <"),
        ("if «bar is self: pass", "in and is are not available in bar code: compare with == or <"),
        ("x = «None", "None has no place in bar code: leave the argument out, or keep a True/False field beside it"),
        ("x = «b'1'", "b'1' is not available in bar code"),
        ("x = «9223372036854775808", "9223372036854775808 does not fit into 64 bits"),
        ("«self.count = bar.close / 2", "Probe.count holds whole numbers, this is float: begin with a float (0.0)"),
        ("«self.count += 0.5", "Probe.count holds whole numbers, this is float: begin with a float (0.0)"),
        ("«self.flag = 3", "Probe.flag is True or False, this is int"),
        ("«self.ring = self.ring", "Probe.ring is a window and cannot be replaced while bars are delivered"),
        ("«self.fast = self.slow", "Probe.fast is Sma and cannot be replaced while bars are delivered"),
        ("«self.span = 4", "span is a parameter and read-only: copy it to a field in init()"),
        ("«self.position = 4", "self.position is kept by the engine and read-only"),
        ("«bar.close = 4", "the bar is read-only"),
        ("«self.fast.total = 4", "what Sma keeps is changed by its own methods alone"),
        ("«self.fast.ring[0] = 4", "what Sma keeps is changed by its own methods alone"),
        ("ring = self.fast.ring\n«ring[0] = 4", "what Sma keeps is changed by its own methods alone"),
        (
            "if bar.i > 3:\n    x = 1\nself.count = «x",
            "x may be used before it has a value (it is set on some paths only)",
        ),
        ("for k in range(3):\n    x = k\nself.count = «x", "x may be used before it has a value"),
        ("while bar.i > 3:\n    x = 1\nself.count = «x", "x may be used before it has a value"),
        ("if bar.i > 3:\n    ma = self.fast\n«ma.update(3)", "ma may be used before it has a value"),
        (
            "ma = self.fast\n«ma = self.slow",
            "ma already has another meaning: a window or an indicator gets a name of its",
        ),
        ("ma = 1\n«ma = self.slow", "ma already has another meaning: a window or an indicator gets a name of its own"),
        ("ma = «self.fast if bar.i else self.slow", "if … else chooses between numbers, this is Sma: write an if"),
        ("x = «np.mean(self.ring)", "np.mean() cannot be compiled: use windows and math, or do it in init()"),
        ("x = «np.int64", "np.int64 is not available in bar code"),
        ("x = «math.hypot(1, 2)", "math.hypot() is not available in bar code; there are atan, atan2"),
        ("x = «math.log(1, 2)", "math.log() takes 1 argument in bar code"),
        ("«super().on_bar(bar)", "super() is not available in bar code: call the other method by a name of its own"),
        ("x = «bar.i and bar.close / 2", "and/or mixes kinds of numbers: write the comparison, as in x != 0"),
        ("x = «self.flag or bar.i", "and/or mixes kinds of numbers: write the comparison, as in x != 0"),
        ("t = (1, 2)\nx = «t[bar.i]", "the index of a tuple is a number within it, written out"),
        ("t = (1, 2)\nx = «t[2]", "the index of a tuple is a number within it, written out"),
        ("t = (1, 2)\n«t[0] = 3", "a tuple cannot be changed"),
        ("«a, b = 1, 2, 3", "a tuple cannot be taken apart into 2 names"),
        ("a, «*b = 1, 2", "this cannot be assigned to"),
        ("x = «self.ring + 1", "self.ring + 1 needs a number, this is a window"),
        ("if «self.ring: pass", "a condition is a comparison or a number, this is a window"),
        ("if «self.fast > 3: pass", "a comparison needs numbers, this is Sma"),
        ("«bar.i > 3", "this expression does nothing"),
        ("«x = self.cancel_all()", "x gets the result of something that returns nothing"),
        ("x = «self.buy", "buy is a method: call it, as in .buy(…)"),
        ("«self.buy()", "self.buy() takes exactly one of a quantity, share=, amount= and risk="),
        ("«self.buy(1, share=0.5)", "self.buy() takes exactly one of a quantity, share=, amount= and risk="),
        ("«self.buy(1, 2)", "self.buy() takes 1 arguments by position, 2 are given"),
        ("«self.buy(1, limt=3)", "self.buy() has no argument limt (did you mean limit?)"),
        ("«self.buy(1, quantity=3)", "self.buy(): quantity is given twice"),
        ("self.buy(1, group=«2.5)", "self.buy(group=) is a whole number, this is float"),
        ("self.buy(«self.ring)", "self.buy(quantity=) needs a number, this is a window"),
        ("«self.cancel()", "self.cancel(): order is missing"),
        ("self.close(asset=«None)", "None has no place in bar code"),
        ("«self.buy(*self.ring)", "* is not available in bar code"),
        ("«self.on_open(bar)", "self.on_open() is called by the engine, not by bar code"),
        ("«return 1", "a handler returns nothing: write the call on a line of its own, then return"),
        ("«return self.buy(1)", "a handler returns nothing: write the call on a line of its own, then return"),
        (
            "«for k, j in range(3): pass",
            "a loop is `for name in range(…)`; over a window: for k in range(len(self.window)",
        ),
        ("for k in range(«2.5): pass", "range() is a whole number, this is float"),
        ("«while bar.i:\n    pass\nelse:\n    pass", "while … else is not available in bar code"),
        ("x = «min(3)", "min() takes two numbers or more in bar code"),
        ("x = «round(2.5, 2)", "round() takes one argument in bar code; for decimals write round(x * 100) / 100"),
        ("x = «float('abc')", "float('abc') is no number"),
        ("x = «len(bar)", "len() is of a window"),
        ("«x__ = 3", "x__: names that end with __ are for the compiler"),
        ("min = 3\nx = «min(1, 2)", "min is no function here: a local name hides it"),
        ("if «self.kind < 'long': pass", "a choice is compared with == or != to one text"),
        ("if «self.kind == 3: pass", "text is compared with a number"),
        ("«x = self.kind", "text is not available in bar code"),
        ("«self.ring[self.next()] += 1", "this calls a function: give its result a name on a line before"),
        ("«self.buy(self.next(), asset=self.next())", "arguments that call functions get names of their own on lines"),
        ("«self.add(b=self.next(), a=self.next())", "arguments that call functions get names of their own on lines"),
        ("«self.add(1)", "Probe.add(): b is missing"),
        ("self.add(1, «self.ring)", "Probe.add(): a window cannot be handed on as b; hand on numbers, or the bar"),
        ("«self.still(1)", "Probe.still is no plain method: write a function of the module"),
        ("x = «SHARED", "SHARED is a list of the module: bar code reads only numbers there"),
        ("x = «CHANGING", "CHANGING is set by a function: keep on self what changes"),
        ("größe = bar.close; x = «größ + 1", "größ is not defined (did you mean größe?)"),
    ],
)
def test_a_statement_that_has_no_compiled_form_says_why_and_where(tmp_path: Path, code: str, reason: str) -> None:
    text = bars_of_code(
        code,
        init=STATE,
        before="import numpy as np\nSHARED = [1]\nCHANGING = 3\ndef change():\n    global CHANGING\n    CHANGING = 4",
        methods="""
        span: int = param(3)
        kind: str = param("long", choices=["long", "short"])

        def next(self):
            self.count += 1
            return self.count

        def add(self, a, b):
            return a + b

        @staticmethod
        def still(a):
            return a
        """,
    )
    strategy, places = marked(tmp_path, text)
    found = problems_of(strategy)
    assert [problem.message for problem in found if reason in problem.message], found
    assert [(problem.line, problem.column + 1) for problem in found] == places


@pytest.mark.parametrize(
    ("init", "reason"),
    [
        (
            "«self.last = None",
            "self.last is a NoneType: what bar code keeps is an int, float, bool, window(n), int_win",
        ),
        ("«self.last = [1, 2]", "self.last is a list: what bar code keeps is an int, float, bool, window(n)"),
        ("«self.last = 'a'", "self.last is a str: what bar code keeps is an int, float, bool, window(n)"),
        ("«self.last = np.float64(3)", "self.last is a float64: what bar code keeps is an int, float, bool"),
        ("«self.last = np.zeros(3)", "self.last is a ndarray: what bar code keeps is an int, float, bool"),
        ("«self.last = self", "self.last is a Probe: what bar code keeps is an int, float, bool"),
        ("«self.last = 2 ** 63", "self.last is a whole number beyond 64 bits"),
        ("self.ma = Sma(3)\n«self.other = self.ma", "self.other is an object that another field has already"),
        ("self.ring = window(3)\n«self.other = self.ring", "self.other is an object that another field has already"),
        ("«self.ring = window(3)\nself.ring[0] = 1", "self.ring mixes whole numbers and floats"),
        ("«self.ring = Window()", "self.ring mixes whole numbers and floats"),
        ("«self.last__ = 3", "self.last__: names that end with __ are for the compiler"),
    ],
)
def test_a_field_that_no_record_can_hold_is_told_where_init_makes_it(tmp_path: Path, init: str, reason: str) -> None:
    strategy, places = marked(tmp_path, bars_of_code("self.buy(1)", init=init, before="import numpy as np"))
    found = problems_of(strategy)
    assert [reason in problem.message for problem in found] == [True]
    assert [(problem.line, problem.column + 1) for problem in found] == places


def test_all_problems_of_a_class_are_told_at_once_and_none_twice(tmp_path: Path) -> None:
    strategy, places = marked(
        tmp_path,
        """
        def helper(*numbers):
            return 1

        class Own(Indicator):
            def __init__(self):
                «self.seen = []
                self.n = 0

            def update(self, x):
                y = «x ** 2
                self.seen = y
                return y

        class Probe(Strategy):
            def init(self):
                self.own = Own()
                «self.names = {}

            def on_open(self, bar):
                «raise ValueError

            def on_fill(self, fill):
                self.buy(«fill.lots)

            def on_bar(self, bar):
                x = self.own.update(bar.close)
                y = x + 1
                self.names = y
                if «y in (1, 2):
                    self.buy(«volume)
                elif x > 3:
                    z = «[y]
                    self.buy(z)
                while «bar.clos > 3:
                    «del x
                for k in range(«2.5):
                    «self.ring[k] = 1
                «helper(1, 2)
                self.own.update(«bar.opn)
                return «self.sma.value
        """,
    )
    assert [(problem.line, problem.column + 1) for problem in problems_of(strategy)] == places


def test_one_function_for_two_kinds_of_numbers_tells_its_problem_once(tmp_path: Path) -> None:
    text = bars_of_code("self.f(1)", "self.f(1.5)", methods="def f(self, x):\n    y = «x ** 2\n    return y")
    strategy, places = marked(tmp_path, text)
    assert [(problem.line, problem.column + 1) for problem in problems_of(strategy)] == places


def test_a_problem_reads_as_a_compilers_message_in_the_authors_file(tmp_path: Path) -> None:
    text = bars_of_code("größe = self.fast.updat(bar.close)", init="self.fast = Sma(3)")
    line = HEADER_LINES + 7
    assert why_not_compilable(written(tmp_path, text)) == (
        f"probe.py:{line}:17: Sma has no method updat (did you mean update?)\n"
        "            größe = self.fast.updat(bar.close)\n"
        "                    ^"
    )


def test_the_caret_stands_below_lines_that_are_indented_by_tabs(tmp_path: Path) -> None:
    strategy = written(tmp_path, "class Probe(Strategy):\n\tdef on_bar(self, bar):\n\t\tself.buy([1])\n")
    text = str(problems_of(strategy)[0]).splitlines()
    assert text[1:] == ["    \t\tself.buy([1])", "    \t\t         ^"]


def test_the_summary_is_the_first_problem_and_how_many_more_there_are(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("x = [1]", "y = {1}"))
    summary = NotCompilable(problems_of(strategy)).summary
    assert summary.startswith(f"probe.py:{HEADER_LINES + 7}: a list is created")
    assert summary.endswith("(and 1 more)")


@pytest.mark.parametrize(
    ("methods", "reason"),
    [
        ("def on_fill(self): pass", "on_fill takes 1 argument besides self"),
        ("def on_fill(self, fill, more): pass", "on_fill takes 1 argument besides self"),
        ("on_fill = 3", "on_fill is no plain method"),
        ("@functools.cache\ndef on_fill(self, fill): pass", "on_fill is no plain method"),
        ("@decorated\ndef on_fill(self, fill): pass", "a decorated function cannot be compiled"),
        ("on_fill = lambda self, fill: None", "the source of on_fill is not to be had"),
        (
            "def on_fill(self, fill):\n    self.f(1)\ndef f(self, *a): pass",
            "Probe.f() takes *args or **kwargs, which are not",
        ),
        (
            "def on_fill(self, fill):\n    self.f(1)\ndef f(self, a, /): pass",
            "*args, **kwargs and arguments by position",
        ),
        ("def on_fill(self, fill):\n    self.f(1)\ndef f(self, a__): pass", "a__: names that end with __ are for the"),
        ("def on_fill(self, fill):\n    self.f()\ndef f(self, a='x'): pass", "the default of a is no number"),
        (
            "def on_fill(self, fill):\n    self.f()\ndef f(self):\n    self.f()",
            "Probe.f calls itself: recursion is not",
        ),
        (
            "def on_fill(self, fill):\n    self.f(1)\ndef f(self, x):\n    self.f(x / 2)",
            "Probe.f calls itself: recursion",
        ),
        ("def on_fill(self, fill):\n    even(1)", "even calls itself: recursion is not available in bar code"),
        ("def on_fill(self, fill):\n    x = self.f()\ndef f(self):\n    return self.w", "a window cannot be returned"),
        (
            "def on_fill(self, fill):\n    x = self.f(fill)\ndef f(self, fill):\n    if fill.order:\n        return 1",
            "the result is int in one place and None in another",
        ),
        (
            "def on_fill(self, fill):\n    x = self.f()\ndef f(self):\n    if 3:\n        return 1, 2\n    return 3",
            "the result is a tuple in one place and int in another",
        ),
    ],
)
def test_a_function_that_cannot_be_compiled_says_why(tmp_path: Path, methods: str, reason: str) -> None:
    before = """
    import functools

    def decorated(function):
        return function

    def even(n):
        return odd(n - 1)

    def odd(n):
        return even(n - 1)
    """
    strategy = written(tmp_path, bars_of_code("pass", init="self.w = window(3)", before=before, methods=methods))
    found = problems_of(strategy)
    assert [problem.message for problem in found if reason in problem.message], found
    assert all(problem.line > HEADER_LINES for problem in found)


def test_a_strategy_without_problems_has_none(tmp_path: Path) -> None:
    assert why_not_compilable(written(tmp_path, bars_of_code("self.buy(1)"))) is None
