"""The data sets of a first start."""

from pathlib import Path

import numpy as np
import pytest

from server.data.bars import CLOSE, HIGH, LOW, OPEN, TS, open_bars
from server.data.catalogue import Catalogue
from server.data.demo import DEMO_SERIES, load_demo


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with the demo data."""
    root = tmp_path_factory.mktemp("demo") / "datasets"
    load_demo(root)
    return root


def test_one_series_is_real_and_one_says_that_it_is_not(root: Path) -> None:
    apple, synthetic = Catalogue(root).all()
    assert {(apple.asset_name, apple.exchange), (synthetic.asset_name, synthetic.exchange)} == DEMO_SERIES
    assert (apple.asset_name, apple.synthetic, apple.rows, apple.time_frame) == ("AAPL", False, 1509, "1d")
    assert (synthetic.synthetic, synthetic.rows, synthetic.time_frame) == (True, 525_600, "1m")
    assert "synthetic" in synthetic.source
    assert synthetic.gap_count == 0


def test_their_bars_are_possible(root: Path) -> None:
    for info in Catalogue(root).all():
        bars = open_bars(root / info.id)
        assert (np.diff(bars[TS]) > 0).all()
        assert (bars[LOW] > 0).all()
        assert (bars[LOW] <= np.minimum(bars[OPEN], bars[CLOSE])).all()
        assert (bars[HIGH] >= np.maximum(bars[OPEN], bars[CLOSE])).all()


def test_they_are_the_same_on_every_machine(root: Path) -> None:
    hashes = {info.asset_name: info.content_hash for info in Catalogue(root).all()}
    assert hashes == {"AAPL": "9f8cdeb07f53452868e5496f", "SYNTHETIC": "e53f2725e7b7a1750ba653df"}


def test_they_are_loaded_once_and_only_where_they_are_missing(root: Path) -> None:
    before = Catalogue(root).all()
    load_demo(root)
    assert Catalogue(root).all() == before
