"""The folder of the user's strategies, as a server that is started here would take it."""

from pathlib import Path

from server.cli.faults import SettingsFault
from server.settings import Settings, SettingsError


def strategies_folder() -> Path:
    """`FORGE_STRATEGIES`, else `strategies` in the home; SettingsFault for settings that are wrong."""
    try:
        return Settings.from_environment().strategies_folder.resolve()
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
