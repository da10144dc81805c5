"""More submissions at once than the queue takes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.faults.conftest import Crawl, Dose, OpenSite


@pytest.mark.timeout(120)
def test_a_full_queue_refuses_with_a_time_to_come_back_and_forgets_nothing(open_site: OpenSite, dose: Dose) -> None:
    limit = dose.submissions // 2
    site = open_site(FORGE_QUEUE_LIMIT=str(limit))
    busy = [Crawl(site) for _ in range(2)]
    requests = [site.fresh(endTime="2024-01-03T00:00:00Z") for _ in range(dose.submissions)]
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda request: site.post("backtests", request), requests))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {202: limit, 429: dose.submissions - limit}
    refused = next(answer for answer in answers if answer.status_code == httpx.codes.TOO_MANY_REQUESTS)
    site.problem(refused, 429, "queue_full")
    assert int(refused.headers["retry-after"]) > 0
    taken = [answer.json() for answer in answers if answer.status_code == httpx.codes.ACCEPTED]
    places = {site.status("backtests", one["runKey"])["queuePosition"] for one in taken[::20]}
    assert len(places) == len(taken[::20]), "each has a place of its own"
    for crawl in busy:
        crawl.let_go()
    for one in taken:
        site.ended("backtests", one["runKey"])
