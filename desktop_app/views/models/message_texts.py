"""What a person reads of messages: status words with their icon and tint, numbers, and reasons."""

from collections.abc import Callable, Mapping
from typing import Final

from desktop_app.domain.failures import explain
from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import Bucket, MessageStatus

S = MessageStatus
# Icon and tint of the pill; the word beside it says the same.
MARKS: Final[Mapping[MessageStatus, tuple[str, str]]] = {
    S.QUEUED: ("clock", "neutral"), S.SENDING: ("arrow-right", "info"), S.UNKNOWN: ("circle-help", "warning"),
    S.ACCEPTED: ("arrow-right", "info"), S.SENT: ("arrow-right", "info"), S.DELIVERED: ("check", "success"),
    S.UNDELIVERED: ("x", "danger"), S.EXPIRED: ("hourglass", "warning"), S.REJECTED: ("x", "danger"),
    S.BLOCKED: ("circle-slash", "danger"), S.CANCELLED: ("circle-slash", "neutral"),
    S.EXPIRED_UNSENT: ("hourglass", "neutral"), S.ABANDONED: ("circle-off", "neutral"),
}  # fmt: skip


def status_text(status: MessageStatus) -> str:
    """Return the word of a status."""
    return {
        S.QUEUED: tr("Queued"), S.SENDING: tr("Sending"), S.UNKNOWN: tr("Unknown"), S.ACCEPTED: tr("Accepted"),
        S.SENT: tr("Sent"), S.DELIVERED: tr("Delivered"), S.UNDELIVERED: tr("Failed"), S.EXPIRED: tr("Expired"),
        S.REJECTED: tr("Rejected"), S.BLOCKED: tr("Held back"), S.CANCELLED: tr("Cancelled"),
        S.EXPIRED_UNSENT: tr("Expired unsent"), S.ABANDONED: tr("Given up"),
    }[status]  # fmt: skip


def bucket_text(bucket: Bucket) -> str:
    """Return the word of a bucket."""
    return {Bucket.WAITING: tr("Pending"), Bucket.CONDUCTED: tr("Delivered"), Bucket.ERRONEOUS: tr("Failed")}[bucket]


def number_text(number: str) -> str:
    """Return a number in E.164 in groups, as people write it; anything else as it is."""
    # Here, not above: the window is there before the number plans are loaded.
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        return format_number(parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def reason_text(line: MessageLine) -> str:
    """Return why a message failed in one sentence, "" when it did not."""
    failure = explain(line.status, line.reason)
    return failure.what if failure is not None else ""


def file_words(country_name: Callable[[str], str]) -> Callable[[MessageLine], tuple[str, str, str]]:
    """Return what says country, status and reason of a message in a file."""
    return lambda line: (country_name(line.country), status_text(line.status), reason_text(line))
