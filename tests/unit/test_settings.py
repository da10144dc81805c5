"""What the environment may say."""

import os
from pathlib import Path

import pytest

from server import setting_values
from server.settings import Settings, SettingsError
from server.variables import VARIABLES


def test_nothing_configured_is_enough() -> None:
    settings = Settings.from_mapping({})
    assert settings.home == Path.cwd() / ".forge"
    assert (settings.host, settings.port, settings.redis_url, settings.token) == ("127.0.0.1", 8000, None, None)
    assert settings.workers == len(os.sched_getaffinity(0))
    assert settings.strategies_folder == settings.home / "strategies"


def test_every_bad_value_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"PORT": "eighty", "FORGE_WORKERS": "0", "FORGE_LOG": "xml", "REDIS_URL": "localhost"})
    faults = caught.value.faults
    assert len(faults) == 4
    assert any(fault.startswith("PORT='eighty': give a whole number from 0 to 65535") for fault in faults)
    assert any("text, json" in fault for fault in faults)


def test_a_misspelt_setting_is_not_ignored() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"FORGE_WORKRES": "2"})
    assert "FORGE_WORKRES: no such setting" in caught.value.faults[0]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.test"])
def test_a_public_address_needs_a_token(host: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"HOST": host})
    assert "FORGE_TOKEN" in caught.value.faults[0]
    assert Settings.from_mapping({"HOST": host, "FORGE_TOKEN": "long-enough"}).token == "long-enough"
    assert Settings.from_mapping({"HOST": host, "FORGE_ALLOW_PUBLIC": "1"}).host == host


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_needs_none(host: str) -> None:
    assert Settings.from_mapping({"HOST": host}).token is None


@pytest.mark.parametrize("token", ["short", "has spaces in it", "umläute-sind-keine"])
def test_a_token_that_no_header_carries_is_refused(token: str) -> None:
    with pytest.raises(SettingsError):
        Settings.from_mapping({"FORGE_TOKEN": token})


def test_webhooks_need_a_secret_that_is_not_printed() -> None:
    secret = "whsec_c2VjcmV0"
    with pytest.raises(SettingsError) as refusal:
        Settings.from_mapping({"FORGE_WEBHOOKS": "https://a.example/path", "FORGE_WEBHOOK_SECRET": secret})
    assert [fault.partition(":")[0] for fault in refusal.value.faults] == ["FORGE_WEBHOOK_SECRET=…"]
    with pytest.raises(SettingsError, match="FORGE_WEBHOOK_SECRET") as refusal:
        Settings.from_mapping({"FORGE_WEBHOOKS": "https://a.example/path"})
    assert "path" not in str(refusal.value)


def test_traces_without_their_extra_are_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_values, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"FORGE_OTLP='http://localhost:4318': .*algotradeforge\[tracing\]"):
        Settings.from_mapping({"FORGE_OTLP": "http://localhost:4318"})


def test_a_cluster_without_its_extra_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_values, "find_spec", lambda _: None)
    for name, text in (("FORGE_DASK", "tcp://10.0.0.5:8786"), ("FORGE_DASK_LOCAL", "2")):
        with pytest.raises(SettingsError, match=rf"{name}='{text}': .*algotradeforge\[dask\]"):
            Settings.from_mapping({name: text})


def test_all_is_kept_until_a_number_says_how_much() -> None:
    kept = Settings.from_mapping({"FORGE_KEEP_RUNS": "100", "FORGE_KEEP_DAYS": "0.5"})
    assert (kept.keep_runs, kept.keep_days) == (100, 0.5)
    assert (kept.keep_event_log_days, kept.keep_dataset_versions) == (None, None)
    with pytest.raises(SettingsError) as refusal:
        Settings.from_mapping({"FORGE_KEEP_RUNS": "0", "FORGE_KEEP_DAYS": "nan"})
    assert len(refusal.value.faults) == 2


def test_lists_are_split_at_commas() -> None:
    settings = Settings.from_mapping({"FORGE_ORIGINS": "https://a.example, https://b.example,"})
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


def test_overrides_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    assert Settings.from_environment().port == 9001
    assert Settings.from_environment({"PORT": "9002"}).port == 9002


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_setting_says_what_it_is_for_and_has_a_default_that_is_right(variable: object) -> None:
    assert isinstance(variable, type(VARIABLES[0]))
    assert variable.meaning
    variable.parse(variable.default)


@pytest.mark.parametrize(
    "url", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://:8786", "tcp://[::1"]
)
def test_a_cluster_has_an_address_of_dask(url: str) -> None:
    with pytest.raises(SettingsError, match=r"tcp://10\.0\.0\.5:8786"):
        Settings.from_mapping({"FORGE_DASK": url})


def test_tls_has_all_its_files_or_none(tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("FORGE_DASK_CA", "FORGE_DASK_CERT", "FORGE_DASK_KEY")}
    with pytest.raises(SettingsError, match="there is no such file"):
        Settings.from_mapping(files)
    for path in files.values():
        Path(path).touch()
    assert Settings.from_mapping(files | {"FORGE_DASK": "tls://10.0.0.5:8786"}).dask_key == tmp_path / "FORGE_DASK_KEY"
    for wrong, told in (
        ({"FORGE_DASK_CA": files["FORGE_DASK_CA"]}, "go together"),
        ({"FORGE_DASK": "tls://10.0.0.5:8786"}, "needs FORGE_DASK_CA"),
        (files | {"FORGE_DASK": "tcp://10.0.0.5:8786"}, "is without TLS"),
        ({"FORGE_DASK": "tcp://10.0.0.5:8786", "FORGE_DASK_LOCAL": "2"}, "leave it or FORGE_DASK out"),
    ):
        with pytest.raises(SettingsError, match=told):
            Settings.from_mapping(wrong)


@pytest.mark.parametrize(
    ("text", "meant"), [("10.0.0.5", "10.0.0.5:0"), ("10.0.0.5:9000", "10.0.0.5:9000"), ("[::1]:9", "[::1]:9")]
)
def test_workers_reach_the_owner_on_a_host_and_maybe_a_port(text: str, meant: str) -> None:
    assert Settings.from_mapping({"FORGE_DASK_LISTEN": text}).dask_listen == meant
    with pytest.raises(SettingsError, match="HOST:PORT"):
        Settings.from_mapping({"FORGE_DASK_LISTEN": f"http://{text}"})
