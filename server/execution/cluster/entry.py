"""The function that Dask calls on a worker; light, for the scheduler and the owner import it too."""

from typing import Final

HOST: Final = "algotradeforge-host"
"""The plugin of Dask's worker that carries orders out."""


async def perform(order: bytes) -> bytes:
    """Carries out an encoded Order beside the worker that this runs on, and answers with an encoded Answer."""
    from distributed import get_worker

    from server.execution.cluster.orders import decode_order, encode

    return encode(await get_worker().plugins[HOST].perform(decode_order(order)))
