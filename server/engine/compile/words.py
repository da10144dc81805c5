"""What bar code may not use, and what to do instead."""

from typing import Final

NOT_AVAILABLE: Final = {
    "Import": "an import within bar code: move it to the top of the file",
    "ImportFrom": "an import within bar code: move it to the top of the file",
    "Try": "bar code cannot catch errors: test the value first",
    "TryStar": "bar code cannot catch errors: test the value first",
    "With": "with is not available in bar code",
    "Raise": "bar code cannot raise: return instead",
    "Assert": "bar code cannot assert: return instead",
    "Lambda": "lambda is not available in bar code: write a method or a function of the module",
    "FunctionDef": "a function within bar code: write a method or a function of the module",
    "ClassDef": "a class within bar code: write it at the top of the file",
    "Yield": "yield is not available in bar code",
    "YieldFrom": "yield is not available in bar code",
    "Await": "await is not available in bar code",
    "Global": "bar code keeps what it remembers on self, not in global names",
    "Nonlocal": "bar code keeps what it remembers on self, not in outer names",
    "Delete": "del is not available in bar code",
    "List": "a list is created: bar code cannot allocate; create a window(n) in init()",
    "Dict": "a dict is created: bar code cannot allocate; use fields on self",
    "Set": "a set is created: bar code cannot allocate; use fields on self",
    "ListComp": "a list is created: bar code cannot allocate; write a for loop",
    "DictComp": "a dict is created: bar code cannot allocate; write a for loop",
    "SetComp": "a set is created: bar code cannot allocate; write a for loop",
    "GeneratorExp": "a generator is created: bar code cannot allocate; write a for loop",
    "JoinedStr": "text is not available in bar code",
    "Slice": "a slice is a copy: loop over the window by its indices",
    "Starred": "* is not available in bar code",
    "NamedExpr": ":= is not available in bar code: assign on a line before",
    "Match": "match is not available in bar code: use if and elif",
}
ALLOCATING: Final = ("window", "int_window", "list", "dict", "set", "tuple", "sorted", "bytearray", "zip", "map")
TEXTUAL: Final = ("print", "open", "input", "str", "repr", "format")
