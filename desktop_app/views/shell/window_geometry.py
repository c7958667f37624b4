"""Size and position of the window, as text among the personal settings."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

# Where the personal settings keep what belongs to the window.
NAME: Final = "window"


def geometry_text(window: QMainWindow) -> str:
    """Return size and position of a window as text."""
    return b64encode(window.saveGeometry().data()).decode("ascii")


def restore_geometry(window: QMainWindow, kept: Mapping[str, Any]) -> bool:
    """Bring a window back to where it was; Qt keeps it on a screen that is there.

    Args:
        window: the window.
        kept: the personal settings as they stand in their file.

    Returns:
        Whether they say where it was.
    """
    found: object = kept
    for name in ("remembered", NAME, "geometry"):
        found = found.get(name) if isinstance(found, Mapping) else None
    try:
        data = b64decode(found, validate=True) if isinstance(found, str) else b""
    except (Error, ValueError):
        return False
    return bool(data) and window.restoreGeometry(QByteArray(data))
