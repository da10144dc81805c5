"""A disk that is full: nothing is told that is not kept, and all is well once there is room."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.conftest import CRAWLER, Crawl
from tests.integration.serving import serving
from tests.integration.site import Site, bars_csv

_SIZE = "8m"

# A small disk of one's own takes root, or user namespaces, which some systems refuse: `make test-faults` tries those.
MAY_MOUNT = os.geteuid() == 0 or os.environ.get("FAULTS") == "full"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Site]:
    """A server whose home is a disk of eight megabytes that only its processes see."""
    disk, strategies, gates = tmp_path / "disk", tmp_path / "strategies", tmp_path / "gates"
    for folder in (disk, strategies, gates):
        folder.mkdir()
    (strategies / "crawler.py").write_text(CRAWLER)
    flags = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
    mounted = ["unshare", *flags, "sh", "-c", f'mount -t tmpfs -o size={_SIZE} tmpfs {disk} && exec "$@"', "sh"]
    settings = {"FORGE_STRATEGIES": str(strategies), "GATES": str(gates), "FORGE_WORKERS": "1"}
    with (
        serving(disk / "home", within=mounted, **settings) as served,
        httpx.Client(base_url=served.url, timeout=40, trust_env=False) as http,
    ):
        site = Site(served, gates, http)
        assert site.bring(bars_csv()).status_code == 201
        yield site


class Filler:
    """Takes all the room that is left, as the server's processes see it."""

    def __init__(self, site: Site) -> None:
        home = f"/proc/{site.served.process.pid}/root{site.served.home}"
        self._path = f"{home}/filler"
        descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY)
        try:
            while True:
                os.write(descriptor, b"x" * 4096)
        except OSError:  # full, which is the point
            os.close(descriptor)

    def give_back(self) -> None:
        """From now on there is room again."""
        os.unlink(self._path)


if MAY_MOUNT:

    def test_nothing_is_taken_while_the_disk_is_full_and_all_is_well_afterwards(small: Site) -> None:
        done = small.run("backtests", small.fresh())
        filler = Filler(small)
        request = small.fresh()
        small.problem(small.post("backtests", request), 507, "disk_full")
        small.problem(small.bring(bars_csv(seed=3), assetName="MORE"), 507, "disk_full")
        small.problem(small.http.get("/health/ready"), 503, "store_unavailable")
        assert small.status("backtests", done["runKey"])["result"] == done["result"]
        assert small.http.get("/api/backtests").json()["totalCount"] == 1
        filler.give_back()
        assert small.run("backtests", request)["attempt"] == 1
        assert small.bring(bars_csv(seed=3), assetName="MORE").status_code == 201
        assert small.http.get("/health/ready").status_code == 200

    def test_a_run_that_ends_on_a_full_disk_has_no_false_success(small: Site) -> None:
        crawl = Crawl(small)
        filler = Filler(small)
        crawl.let_go()
        time.sleep(1)  # long enough to end, were there room
        assert small.status("backtests", crawl.key)["status"] in ("Running", "Failed"), "a result needs room"
        filler.give_back()
        ended = small.until("backtests", crawl.key, phase=None)
        assert ended["status"] == "Completed" or "disk is full" in ended["errorMessage"].lower()
        assert small.run("backtests", crawl.request)["status"] == "Completed"
