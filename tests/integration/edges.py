"""Edges beside a served home."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.integration.serving import Served, clean_environment
from tests.integration.site import Site


@contextmanager
def edge_of(site: Site, redis_url: str, **settings: str) -> Iterator[Site]:
    """An edge of the site's server on a port of its own."""
    log = site.served.home.parent / "edge.log"
    environment = clean_environment(**{"REDIS_URL": redis_url, "PORT": "0"} | settings)
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "edge", "--owner", site.served.url],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        found = re.search(r"http://[\w.:\[\]]+:\d+", process.stdout.readline())
        assert found, log.read_text()
        served = Served(found[0], site.served.home, process, log)
        with httpx.Client(base_url=served.url, timeout=40, trust_env=False) as http:
            yield Site(served, site.gates, http)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        process.stdout.close()
