"""Vonage SMS (formerly Nexmo): one account, its price table, and its reports; providers.md 2.2."""

from desktop_app.providers.drivers.vonage.account import (
    DEFAULT_BASE_URL,
    FIELDS,
    HOST_SUFFIXES,
    LABEL,
    VonageProvider,
    check_settings,
    roots,
)

__all__ = ["DEFAULT_BASE_URL", "FIELDS", "HOST_SUFFIXES", "LABEL", "VonageProvider", "check_settings", "roots"]
