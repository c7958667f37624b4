"""What clients are told about their credit by e-mail, in their language."""

from desktop_app.domain.client_ledger import EntryDetail
from desktop_app.domain.clients import Client
from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.language import language_in_force
from desktop_app.domain.money import floor_hundredths
from desktop_app.services.translations import sayer


def low_credit(client: Client, credit: int, alert: int, company: str, days: int | None = None) -> tuple[str, str]:
    """Return (subject, text) of the warning that the credit (micro-units) is below the alert, or lasts only ``days`` days."""
    tr = sayer(client.language or language_in_force())
    left, limit = _amount(credit, client), _amount(alert, client)
    subject = tr("Your SMS credit is low: {credit}", credit=left)
    if days is not None and days <= 1:
        soon = tr(
            "Hello {name},\n\nyour available SMS credit is {credit}. At the use of the last 30 days it lasts a day at most. "
            "Without enough credit no more messages are sent.\n\n{company}",
            name=client.name, credit=left, company=company,
        )  # fmt: skip
        return subject, soon.strip()
    if days is not None:
        dry = tr(
            "Hello {name},\n\nyour available SMS credit is {credit}. At the use of the last 30 days it lasts about {days} "
            "days. Without enough credit no more messages are sent.\n\n{company}",
            name=client.name, credit=left, days=days, company=company,
        )  # fmt: skip
        return subject, dry.strip()
    text = tr(
        "Hello {name},\n\nyour available SMS credit is {credit}, below the alert of {limit}. Without enough credit no more "
        "messages are sent.\n\n{company}",
        name=client.name, credit=left, limit=limit, company=company,
    )  # fmt: skip
    return subject, text.strip()


def top_up_receipt(
    client: Client, amount: int, balance: AccountBalance, detail: EntryDetail, company: str
) -> tuple[str, str]:
    """Return (subject, text) of the receipt for a top-up (micro-units)."""
    tr = sayer(client.language or language_in_force())
    paid = _amount(amount, client)
    lines = [
        tr("Hello {name},\n\nyour SMS credit was topped up by {amount}.", name=client.name, amount=paid),
        tr("Available credit: {amount}", amount=_amount(balance.posted - balance.held, client)),
    ]
    lines += [tr("Invoice: {number}", number=detail.invoice)] if detail.invoice else []
    lines += [tr("Reference: {text}", text=detail.reference)] if detail.reference else []
    return tr("SMS credit topped up: {amount}", amount=paid), "\n".join([*lines, "", company]).strip()


def _amount(micro: int, client: Client) -> str:
    return f"{floor_hundredths(micro)} {client.currency}"
