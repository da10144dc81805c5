"""The reference tells the API as it is."""

import pytest

from server.api.reference import files
from tests.documents.texts import text_of

FILES = files()


@pytest.mark.parametrize("name", FILES)
def test_a_page_of_the_reference_is_current(name: str) -> None:
    assert text_of(f"docs/reference/{name}") == FILES[name], "run `make reference`"
