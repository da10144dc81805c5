"""The real prices that every oracle is asked about."""

import pytest

from tests.oracles.prices import NAMES, Prices, prices_of


@pytest.fixture(params=NAMES)
def prices(request: pytest.FixtureRequest) -> Prices:
    return prices_of(request.param)
