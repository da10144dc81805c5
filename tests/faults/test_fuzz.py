"""Requests made up from the API document: never a 5xx, never an answer that the document does not tell of."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import Dose, OpenSite


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "phases",
    [
        ("--phases", "examples,coverage,stateful"),
        # its generator of data cannot read the `prefixItems` of a curve's points
        ("--phases", "fuzzing", "--exclude-operation-id", "getBacktestEquity"),
    ],
    ids=["systematic", "by chance"],
)
def test_requests_made_up_from_the_document_get_what_it_says(
    open_site: OpenSite, dose: Dose, tmp_path: Path, phases: tuple[str, ...]
) -> None:
    site = open_site()
    key = site.run("backtests", site.fresh())["runKey"]
    fuzzed = subprocess.run(
        [
            Path(sys.executable).parent / "schemathesis",
            *("run", f"{site.served.url}/api/openapi.json"),
            *("--max-examples", str(max(5, dose.kills)), "--seed", "1", "--no-color"),
            # a schema cannot say which strategies and data sets there are
            *("--exclude-checks", "positive_data_acceptance"),
            *phases,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert fuzzed.returncode == 0, fuzzed.stdout[-5_000:]
    assert "Traceback" not in site.served.log.read_text()
    assert site.http.get("/health/ready").status_code == 200
    assert site.http.get(f"/api/backtests/{key}/status").status_code in (200, 404), "unless it was deleted by chance"
