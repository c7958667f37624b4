"""The tables. One module per subject; ``metadata`` knows them all."""

from desktop_app.storage.models import accounts, clients, ledger, messages, prices, senders
from desktop_app.storage.models.base import metadata

__all__ = ["accounts", "clients", "ledger", "messages", "metadata", "prices", "senders"]
