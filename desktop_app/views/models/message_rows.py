"""The list of messages as rows."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.pace import paced
from desktop_app.views.formats import count_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.message_texts import MARKS, number_text, reason_text, status_text
from desktop_app.views.models.record_rows import Heading, Row
from desktop_app.views.moments import moment_text, unit_price_text

# Pixels by column; the text takes what is left.
WIDTHS: Final = {0: 132, 1: 130, 2: 104, 3: 152, 4: 118, 6: 48, 7: 120, 8: 88, 9: 96}
TEXT_COLUMN: Final = 5
PROVIDER_COLUMN: Final = 9
# What the panel beside the list tells as well.
TOLD_BESIDE: Final = (2, 4, 6, 8, 9)
_LONGEST_SNIPPET: Final = 120


def message_headings() -> tuple[Heading, ...]:
    """Return the columns."""
    return (
        Heading(tr("Time")), Heading(tr("Client")), Heading(tr("Sender")), Heading(tr("To")), Heading(tr("Country")),
        Heading(tr("Text")), Heading(tr("Seg"), is_number=True), Heading(tr("Status")),
        Heading(tr("Price"), is_number=True), Heading(tr("Provider")),
    )  # fmt: skip


def message_rows(
    lines: Iterable[MessageLine], country_name: Callable[[str], str], now: datetime
) -> tuple[Row[MessageLine], ...]:
    """Return messages as rows."""
    return tuple(_row(line, country_name(line.country), now) for line in paced(lines))


def _row(line: MessageLine, country: str, now: datetime) -> Row[MessageLine]:
    image, tint = MARKS[line.status]
    status, number = status_text(line.status), number_text(line.to)
    snippet = " ".join(line.text[:_LONGEST_SNIPPET].split())
    price = unit_price_text(line.price, line.currency)
    texts = (
        moment_text(line.created_at, now), line.client, line.sender, number, country, snippet, count_text(line.segments),
        status, price, line.provider,
    )  # fmt: skip
    looks = (
        CellLook("text2"), CellLook("text", "body_medium"), CellLook("text2"), CellLook("text"),
        CellLook("text2", flag=line.country), CellLook("text2"), CellLook("text2"), CellLook(pill=tint, icon=image),
        CellLook("text"), CellLook("text2"),
    )  # fmt: skip
    spoken = ", ".join(part for part in (number, line.client, status, reason_text(line)) if part)
    return Row(line, texts, looks, spoken=spoken)
