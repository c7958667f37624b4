"""Why a message failed, in plain words, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.language import later, say
from desktop_app.domain.messages import MessageStatus


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened, and what a person can do; both are full sentences.

    Attributes:
        what: what happened.
        advice: what to do, "" when nothing can be done.
    """

    what: str
    advice: str = ""


_UNREACHABLE: Final = (
    later("The phone was off or out of reach until the network gave up."),
    later("Send again later."),
)
_REFUSED_NUMBER: Final = (
    later("The number does not exist or takes no SMS."),
    later("Ask the client for another number."),
)
_CARRIER: Final = (
    later("The mobile network filtered the message."),
    later("Change the text or the sender ID, then send again. Links and capital letters are often filtered."),
)
# Our own reasons (cli.md), then codes of Twilio's error dictionary (twilio.com/docs/api/errors).
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "opted_out": (later("The recipient opted out of this client's messages."), ""),
    "below_cost": (later("The price was below the cost."), later("Raise the price or allow a loss, then send again.")),
    "no_rate": (later("There is no exchange rate for the cost."), later("Enter the rate in Settings, then send again.")),
    "no_price": (later("There was no price for this country."), later("Set a price, then send again.")),
    "country_disabled": (later("Sending to this country is switched off."), later("Switch the country on, then send again.")),
    "sender_not_approved": (
        later("The sender ID was not approved for this country."), later("Request approval for this sender ID."),
    ),
    "sender_not_allowed": (
        later("This country does not allow this kind of sender ID."), later("Send with a number instead."),
    ),
    "stopped": (later("The job was stopped before this message left."), later("Its credit was returned.")),
    "cancelled": (later("The job was stopped before this message left."), later("Its credit was returned.")),
    "expired_unsent": (later("It waited longer than it was valid."), later("Its credit was returned. Send again.")),
    "abandoned": (later("Nobody could find out whether it was sent."), later("Its credit was returned.")),
    "marked_not_sent": (later("A person decided that it was not sent."), later("Its credit was returned.")),
    "owner_gone": (
        later("The program ended while it was being sent, so it may have been sent or not."),
        later("It is not sent again by itself. Look it up again, or decide."),
    ),
    "30001": (later("The provider's queue was full."), later("Send again later.")),
    "30002": (later("The account at the provider is suspended."), later("Ask the provider.")),
    "30003": _UNREACHABLE,
    "30004": (later("The recipient blocked this sender, or the network does not take such messages."), ""),
    "30005": _REFUSED_NUMBER,
    "30006": (later("The number is a landline or a network that takes no SMS."), later("Ask for a mobile number.")),
    "30007": _CARRIER,
    "30008": (
        later("The mobile network gave no reason."), later("Send again once. If it fails again, ask the provider."),
    ),
    "30032": (later("The toll-free number is not verified."), later("Verify it at the provider.")),
    "30034": (later("The sender is not registered for messages to the United States."), later("Register it at the provider.")),
    "30036": (later("The message was not delivered within its validity."), later("Send again.")),
    "21211": _REFUSED_NUMBER,
    "21408": (later("The account at the provider may not send to this country."), later("Allow the country at the provider.")),
    "21610": (later("The recipient replied STOP to this sender."), later("Add the number to the opt-outs.")),
    "21612": (later("The provider has no route from this sender to this number."), later("Choose another sender ID.")),
    "21614": _REFUSED_NUMBER,
}  # fmt: skip
_OF_STATUS: Final[Mapping[MessageStatus, tuple[str, str]]] = {
    MessageStatus.UNDELIVERED: (later("The network could not deliver it and gave no reason."), later("Send again later.")),
    MessageStatus.EXPIRED: _UNREACHABLE,
    MessageStatus.REJECTED: (later("The provider refused it."), later("See the details for the provider's own words.")),
    MessageStatus.BLOCKED: (later("A check held it back before sending."), ""),
    MessageStatus.CANCELLED: (later("The job was stopped before this message left."), later("Its credit was returned.")),
    MessageStatus.EXPIRED_UNSENT: (later("It waited longer than it was valid."), later("Its credit was returned. Send again.")),
    MessageStatus.ABANDONED: (later("Nobody could find out whether it was sent."), later("Its credit was returned.")),
    MessageStatus.UNKNOWN: (
        later("The provider did not confirm it, so it may have been sent or not."),
        later("It is not sent again by itself. Look it up again, or decide."),
    ),
}  # fmt: skip


def explain(status: MessageStatus, code: str) -> Failure | None:
    """Return why a message with this status failed, None when it did not fail.

    Args:
        status: where it stands.
        code: our reason or the provider's code, "" when there is none.
    """
    if status not in _OF_STATUS:
        return None
    what, advice = _WORDS.get(code, _OF_STATUS[status])
    return Failure(say(what), say(advice) if advice else "")
