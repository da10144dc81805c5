"""The ways in which a server is set up, behind each of which a client must find the same."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from tests.integration.conftest import opened
from tests.integration.edges import edge_of
from tests.integration.site import Site
from tests.redis_server import redis_server


@contextmanager
def through_an_edge(folder: Path) -> Iterator[Site]:
    """An edge, which has what it tells from Redis and from its owner."""
    with redis_server(folder) as redis, opened(folder, REDIS_URL=redis.url) as owner, edge_of(owner, redis.url) as edge:
        yield edge


SETUPS: Final[Mapping[str, Callable[[Path], AbstractContextManager[Site]] | None]] = {
    "memory": None,  # as the server is that most tests share
    "redis": through_an_edge,
}
"""A line for each; the tests of the client run against them all."""
