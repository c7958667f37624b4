"""seven.io SMS: one account, its price table, its journal; providers.md 2.3."""

from desktop_app.providers.drivers.seven.account import (
    DEFAULT_BASE_URL,
    FIELDS,
    HOST_SUFFIXES,
    SevenProvider,
    check_settings,
    roots,
)
from desktop_app.providers.drivers.seven.words import LABEL

__all__ = ["DEFAULT_BASE_URL", "FIELDS", "HOST_SUFFIXES", "LABEL", "SevenProvider", "check_settings", "roots"]
