"""Where lxdtui keeps its own files. The only module that knows platformdirs.

Nothing is made or read by importing this.
"""

from pathlib import Path

from platformdirs import PlatformDirs

__all__ = ["config_dir", "recordings_dir", "state_dir"]

_DIRS = PlatformDirs(appname="lxdtui", appauthor=False)


def config_dir() -> Path:
    """Return the folder of certificates and settings; it need not exist."""
    return _DIRS.user_config_path


def state_dir() -> Path:
    """Return the folder of what is kept between two runs; it need not exist."""
    return _DIRS.user_state_path


def recordings_dir() -> Path:
    """Return the folder of recorded shells; it need not exist."""
    return _DIRS.user_data_path / "recordings"
