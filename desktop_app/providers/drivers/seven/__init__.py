"""seven.io SMS: one account, its price table, its journal; providers.md 2.3."""

from desktop_app.providers.drivers.seven.account import DRIVER, SevenProvider

__all__ = ["DRIVER", "SevenProvider"]
