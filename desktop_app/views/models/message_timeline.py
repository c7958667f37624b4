"""One message from its order to the phone: steps with durations, failure and advice, the price and why it is this one."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.evidence import next_probe
from desktop_app.domain.failures import Failure, explain
from desktop_app.domain.language import tr, trn
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import BY_HAND, AttemptOutcome, MessageStatus
from desktop_app.domain.money import micro_exact
from desktop_app.domain.price_chain import PriceSource
from desktop_app.services.delivery import Timeline
from desktop_app.views.models.message_texts import status_text
from desktop_app.views.models.price_facts import source_text
from desktop_app.views.models.price_sheet import rule_text
from desktop_app.views.moments import moment_text, unit_price_text


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, or is to come.

    Attributes:
        icon: before it, with ``tone``.
        title: what happened.
        detail: more of it, "" for none.
        at: when, "" while it is to come.
        after: how long after the step before, "" for the first.
    """

    icon: str
    tone: str
    title: str
    detail: str = ""
    at: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class MessageStory:
    """What the panel tells of a message.

    Attributes:
        line: the message.
        country: its country's name.
        failure: why it failed, None when it did not.
        code: the provider's own code and words for it, "" when there are none.
        steps: what happened, oldest first.
        sids: the provider's ids.
        price_facts: (name, text) of its price.
        raw: reports as they came, one text each.
        checked_next: when its outcome is looked up again by itself, "" when it is not.
    """

    line: MessageLine
    country: str
    failure: Failure | None
    code: str
    steps: tuple[Step, ...]
    sids: tuple[str, ...]
    price_facts: tuple[tuple[str, str], ...]
    raw: tuple[str, ...]
    checked_next: str


def duration_text(span: timedelta) -> str:
    """Return a duration, coarser the longer it is: "0.4 s", "12 s", "3 min", "5 h", "2 days"."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 10:
        return tr("{count} s", count=f"{seconds:.1f}")
    if seconds < 60:
        return tr("{count} s", count=int(seconds))
    if seconds < 3600:
        return tr("{count} min", count=int(seconds // 60))
    if seconds < 86400:
        return tr("{count} h", count=int(seconds // 3600))
    return trn("{count} day", "{count} days", int(seconds // 86400))


def story_of(line: MessageLine, timeline: Timeline, country: str, now: datetime) -> MessageStory:
    """Return what is told of a message."""
    code = _code_of(line, timeline)
    last = timeline.attempts[-1] if timeline.attempts else None
    probe = None
    if line.status is MessageStatus.UNKNOWN and last is not None:
        probe = next_probe(last.ended_at or last.started_at, now)
    return MessageStory(
        line, country, explain(line.status, code), _provider_words(timeline, code), _steps(line, timeline, now),
        tuple(part[0] for one in timeline.attempts for part in one.parts if not part[0].startswith(BY_HAND)),
        price_reasons(timeline.why, line.currency), tuple(_raw(timeline)), "" if probe is None else moment_text(probe, now),
    )  # fmt: skip


def _code_of(line: MessageLine, timeline: Timeline) -> str:
    for _at, report in reversed(timeline.receipts):
        if report.error_code:
            return report.error_code
    for one in reversed(timeline.attempts):
        if one.code:
            return one.code
    return line.reason


def _provider_words(timeline: Timeline, code: str) -> str:
    words = next((report.provider_status for _at, report in reversed(timeline.receipts) if report.provider_status), "")
    said = [part for part in (timeline.row.provider, code, words) if part]
    return ", ".join(said) if code or words else ""


def _steps(line: MessageLine, timeline: Timeline, now: datetime) -> tuple[Step, ...]:
    events: list[tuple[datetime, Step]] = [(line.created_at, Step("clock", "text3", tr("Queued")))]
    for one in timeline.attempts:
        tries = tr("Try {number}", number=one.n) if len(timeline.attempts) > 1 else ""
        events.append((one.started_at, Step("arrow-right", "info_icon", tr("Handed to the provider"), tries)))
        title, icon, tone = _outcome(one.outcome)
        if one.ended_at is not None and title:
            events.append((one.ended_at, Step(icon, tone, title, one.detail)))
    for at, report in timeline.receipts:
        word = status_text(report.status) if report.status is not None else tr("Report that is not known")
        title, icon, tone = _report(report.status)
        events.append((at, Step(icon, tone, title or word, report.provider_status)))
    if line.status in _UNSENT_ENDS:
        failure = explain(line.status, line.reason)
        detail = failure.what if failure is not None else ""
        events.append((line.changed_at, Step("circle-slash", "text3", status_text(line.status), detail)))
    events.sort(key=lambda one: one[0])
    return (*_with_times(events, now), *_to_come(line.status))


_UNSENT_ENDS: Final = frozenset(
    {MessageStatus.BLOCKED, MessageStatus.CANCELLED, MessageStatus.EXPIRED_UNSENT, MessageStatus.ABANDONED}
)


def _outcome(outcome: AttemptOutcome) -> tuple[str, str, str]:
    return {
        AttemptOutcome.IN_FLIGHT: ("", "", ""),
        AttemptOutcome.ACCEPTED: (tr("Accepted by the provider"), "check", "info_icon"),
        AttemptOutcome.REJECTED: (tr("Refused by the provider"), "x", "danger_icon"),
        AttemptOutcome.UNKNOWN: (tr("No answer: it may have been sent"), "circle-help", "warning_icon"),
        AttemptOutcome.NOT_SENT: (tr("Did not leave"), "rotate-ccw", "text3"),
        AttemptOutcome.ABSENT: (tr("Was not sent"), "circle-off", "text3"),
    }[outcome]


def _report(status: MessageStatus | None) -> tuple[str, str, str]:
    if status is None:
        return "", "circle-help", "text3"
    return {
        MessageStatus.ACCEPTED: (tr("Waiting at the provider"), "clock", "info_icon"),
        MessageStatus.SENT: (tr("Handed to the mobile network"), "arrow-right", "info_icon"),
        MessageStatus.DELIVERED: (tr("Delivered to the phone"), "circle-check", "success_icon"),
        MessageStatus.UNDELIVERED: (tr("Not delivered"), "circle-x", "danger_icon"),
        MessageStatus.EXPIRED: (tr("Not delivered in time"), "hourglass", "warning_icon"),
        MessageStatus.REJECTED: (tr("Refused by the provider"), "circle-x", "danger_icon"),
    }.get(status, ("", "circle-help", "text3"))


def _with_times(events: list[tuple[datetime, Step]], now: datetime) -> tuple[Step, ...]:
    told = []
    before: datetime | None = None
    for at, step in events:
        after = "" if before is None else duration_text(at - before)
        told.append(Step(step.icon, step.tone, step.title, step.detail, moment_text(at, now), after))
        before = at
    return tuple(told)


def _to_come(status: MessageStatus) -> tuple[Step, ...]:
    if status in (MessageStatus.ACCEPTED, MessageStatus.SENT):
        return (Step("circle-dashed", "text3", tr("Report from the phone is missing")),)
    if status in (MessageStatus.QUEUED, MessageStatus.SENDING):
        return (Step("circle-dashed", "text3", tr("Not sent yet")),)
    return ()


def price_reasons(why: str, currency: str) -> tuple[tuple[str, str], ...]:
    """Return (name, text) of what made a price, as the message kept it; ``currency`` is its own where that names none."""
    try:
        told = json.loads(why)
    except ValueError:
        return ()
    if not isinstance(told, dict):
        return ()
    currency = str(told.get("currency") or currency)
    facts = [(tr("Price per segment"), _unit_price(told, currency))]
    facts.append((tr("Why this price"), _source(told)))
    if told.get("mccmnc"):
        named = (str(told.get("network") or ""), str(told["mccmnc"]))
        facts.append((tr("Network by its number range"), " · ".join(one for one in named if one)))
    if str(told.get("exchange_rate", "1")) not in ("1", "1.0", "None"):
        facts.append((tr("Exchange rate"), str(told["exchange_rate"])))
    passed_over = told.get("passed_over") or ()
    otherwise = [(tr("Otherwise"), f"{_source(one)}: {_unit_price(one, currency)}") for one in passed_over]
    return (*facts, *otherwise)


def _unit_price(told: dict[str, object], currency: str) -> str:
    text = str(told.get("price", ""))
    try:
        return unit_price_text(micro_exact(Decimal(text)), currency)
    except (ArithmeticError, InvalidInput):
        return text


def _source(told: dict[str, object]) -> str:
    source = str(told.get("source", ""))
    text = source_text(PriceSource(source)) if source in set(PriceSource) else source
    rule = str(told.get("rule") or "")
    said = rule_text(rule, manual=False, priced=True) if rule else ""
    return " · ".join(part for part in (text, str(told.get("list") or ""), said) if part)


def _raw(timeline: Timeline) -> list[str]:
    reports = [f"{at.isoformat(timespec='seconds')}\n{report.raw}" for at, report in timeline.receipts]
    tries = [
        f"{one.started_at.isoformat(timespec='milliseconds')}\n{one.outcome.value} {one.code} {one.detail}".strip()
        for one in timeline.attempts
    ]
    return [*tries, *reports]
