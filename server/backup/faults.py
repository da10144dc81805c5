"""Why a backup cannot be made, or is not restored."""


class BackupError(Exception):
    """In words for the user."""
