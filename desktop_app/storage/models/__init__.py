"""The tables. One module per subject; ``metadata`` knows them all."""

from desktop_app.storage.models import (
    accounts,
    clients,
    drafts,
    ledger,
    mails,
    messages,
    phone_book,
    prices,
    senders,
    traffic,
)
from desktop_app.storage.models.base import metadata

__all__ = [
    "accounts",
    "clients",
    "drafts",
    "ledger",
    "mails",
    "messages",
    "metadata",
    "phone_book",
    "prices",
    "senders",
    "traffic",
]
