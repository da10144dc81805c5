"""Compiles strategies: their bar code and the kernel's become one module of machine code.

`init` is never compiled: the objects that it leaves are the layout of a record. `on_bar`, `on_open`, `on_fill` and all
that they call are translated statement by statement (`translate`), with every problem told at once, and written
beside the bar loop (`loops`) into a module (`modules`) that numba compiles and keeps on disk.
"""
