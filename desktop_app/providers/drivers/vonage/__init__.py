"""Vonage SMS (formerly Nexmo): one account, its price table, and its reports; providers.md 2.2."""

from desktop_app.providers.drivers.vonage.account import DRIVER, VonageProvider

__all__ = ["DRIVER", "VonageProvider"]
