"""Which server the command line asks."""

import pytest

from server.settings import ClientSettings, Settings, SettingsError


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"PORT": "0"}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"HOST": "::"}, "http://[::1]:8000"),
        ({"HOST": "::1", "PORT": "9000"}, "http://[::1]:9000"),
        ({"HOST": "quant.example"}, "http://quant.example:8000"),
        ({"FORGE_URL": "https://quant.example/forge", "PORT": "9000"}, "https://quant.example/forge"),
    ],
)
def test_it_is_the_server_that_the_same_environment_starts_unless_a_url_names_another(
    environment: dict[str, str], url: str
) -> None:
    assert ClientSettings.from_mapping(environment).url == url


def test_what_a_url_makes_needless_cannot_be_wrong() -> None:
    assert ClientSettings.from_mapping({"FORGE_URL": "http://there", "PORT": "eighty"}).url == "http://there"


def test_settings_of_the_server_alone_do_not_concern_it() -> None:
    assert ClientSettings.from_mapping({"FORGE_WORKERS": "none", "FORGE_NONSENSE": "1"}).token is None


def test_what_is_wrong_is_named_all_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        ClientSettings.from_mapping({"PORT": "eighty", "FORGE_TOKEN": "short"})
    assert [fault.partition("=")[0] for fault in caught.value.faults] == ["PORT", "FORGE_TOKEN"]


@pytest.mark.parametrize(
    "url", ["there", "ftp://there", "http://", "http://[x", "http://there:99999", "http://there:x"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="FORGE_URL"):
        ClientSettings.from_mapping({"FORGE_URL": url})


@pytest.mark.parametrize("settings", [Settings, ClientSettings])
def test_a_secret_is_not_printed(settings: type[Settings | ClientSettings]) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.from_mapping({"FORGE_TOKEN": "hush it"})
    assert "hush" not in str(caught.value)
