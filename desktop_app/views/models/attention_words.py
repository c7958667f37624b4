"""What needs a person, in words: for the first screen, the bell and mails."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from desktop_app.domain.language import tr, trn
from desktop_app.services.attention import AttentionItem, AttentionKind
from desktop_app.views.formats import ago, percent_text
from desktop_app.views.moments import money_text

# Above this amounts are told without their cents.
WHOLE_MONEY: Final = 10_000 * 10**6
ICONS: Final = {
    AttentionKind.LOSS: ("circle-alert", "danger_icon"), AttentionKind.PROVIDER: ("radio-tower", "danger_icon"),
    AttentionKind.UNKNOWN: ("circle-help", "warning_icon"), AttentionKind.CREDIT: ("wallet", "warning_icon"),
    AttentionKind.SENDERS: ("badge-check", "info_icon"), AttentionKind.MAIL: ("mail", "warning_icon"),
    AttentionKind.COSTS: ("trending-up", "warning_icon"),
}  # fmt: skip


def micro_money(micro: int, currency: str) -> str:
    """Return an amount in micro-units, without its cents where it is large."""
    amount = Decimal(micro).scaleb(-6)
    text = money_text(amount, currency)
    return text[:-3] if abs(micro) >= WHOLE_MONEY and len(text) > 3 and text[-3] in ".," else text


def attention_title(item: AttentionItem) -> str:
    """Return what needs a person, in one line."""
    name = item.names[0] if item.names else ""
    match item.kind:
        case AttentionKind.LOSS:
            return trn("{count:,} country sells below cost", "{count:,} countries sell below cost", item.count)
        case AttentionKind.PROVIDER:
            return tr("{name} is paused", name=name)
        case AttentionKind.UNKNOWN:
            return trn("{count:,} message may have been sent", "{count:,} messages may have been sent", item.count)
        case AttentionKind.CREDIT:
            return trn("{count:,} client has low credit", "{count:,} clients have low credit", item.count)
        case AttentionKind.SENDERS:
            return trn(
                "{count:,} sender ID waits for a decision", "{count:,} sender IDs wait for a decision", item.count
            )
        case AttentionKind.MAIL:
            if not item.count:
                return trn("{count:,} mail waits", "{count:,} mails wait", item.figures[0])
            return trn("{count:,} mail did not leave", "{count:,} mails did not leave", item.count)
        case AttentionKind.COSTS:
            return trn("Costs changed in {count:,} country", "Costs changed in {count:,} countries", item.count)


def attention_detail(item: AttentionItem, country_names: dict[str, str], now: datetime) -> str:
    """Return more of it, in one line."""
    match item.kind:
        case AttentionKind.LOSS:
            pairs = zip(item.names, item.figures, strict=True)
            return ", ".join(f"{country_names.get(iso, iso)} {percent_text(margin)}" for iso, margin in pairs)
        case AttentionKind.PROVIDER:
            waits = trn("{count:,} message waits.", "{count:,} messages wait.", item.count) if item.count else ""
            return f"{item.detail} {waits}".strip()
        case AttentionKind.UNKNOWN:
            return tr("The provider did not confirm them, so they are not sent again")
        case AttentionKind.CREDIT:
            low = item.overdrawn
            if low is None:
                return ", ".join(item.names)
            return tr(
                "{client} is overdrawn by {amount}", client=low.client, amount=micro_money(-low.available, low.currency)
            )
        case AttentionKind.SENDERS:
            oldest = "" if item.since is None else ago(item.since, now)
            return tr("Oldest: {sender}, {when}", sender=item.names[0], when=oldest)
        case AttentionKind.MAIL:
            return item.detail or tr("Refused, or not confirmed")
        case AttentionKind.COSTS:
            return tr("{up:,} up, {down:,} down", up=item.figures[0], down=item.figures[1])


def attention_button(item: AttentionItem) -> tuple[str, str]:
    """Return the text of the button that solves it, and the address it goes to."""
    name = item.names[0] if item.names else ""
    return {
        AttentionKind.LOSS: (tr("Fix prices"), "prices?filter=loss"),
        AttentionKind.PROVIDER: (tr("Open"), f"providers/{name}"),
        AttentionKind.UNKNOWN: (tr("Show"), "messages?status=unknown"),
        AttentionKind.CREDIT: (tr("Show"), "clients?filter=low"),
        AttentionKind.SENDERS: (tr("Open queue"), "senders"),
        AttentionKind.MAIL: (tr("Show"), "settings/notifications"),
        AttentionKind.COSTS: (tr("Review"), "prices?filter=cost"),
    }[item.kind]
