"""The header of an .npy file of int64 rows."""


def npy_header(rows: int, columns: int) -> bytes:
    """The header of (rows, columns) int64 in C order, version 1.0, 64-byte aligned so that a map is used in place."""
    fields = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    padding = -(10 + len(fields) + 1) % 64
    return (
        b"\x93NUMPY\x01\x00" + (len(fields) + padding + 1).to_bytes(2, "little") + f"{fields}{' ' * padding}\n".encode()
    )
