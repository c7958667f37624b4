"""The faults a scenario can ask for: their names, which requests they hit, and how often (reliability.md 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class RequestKind(StrEnum):
    """What a request asks of a provider: the ``on`` of a fault."""

    SEND = "send"
    LOOKUP = "lookup"
    ACCOUNT = "account"


class FaultMode(StrEnum):
    """What goes wrong with one request.

    ``accepts`` says whether the provider does its work all the same: of a send, whether the message goes out.
    """

    accepts: bool
    doc: str

    def __new__(cls, name: str, accepts: bool, doc: str) -> Self:
        """Return the member ``name`` with its two remarks."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.accepts = accepts
        member.doc = doc
        return member

    OK = "ok", True, "nothing goes wrong"
    LATENCY = "latency", True, "the answer takes between nothing and `seconds` (2)"
    LATE_ACCEPT = "late_accept", True, "accepted at once, answered after `seconds` (15), later than a client waits"
    HANG = "hang", False, "no answer and no end, until the client leaves"
    SLOW_LORIS_HEADERS = "slow_loris_headers", True, "one byte of the head each `seconds` (0.3)"
    SLOW_BODY = "slow_body", True, "the head at once, then one byte of the body each `seconds` (0.3)"
    RESET_BEFORE_ACCEPT = "reset_before_accept", False, "the connection is reset, nothing was done"
    RESET_AFTER_ACCEPT = "reset_after_accept", True, "the work is done, then the connection is reset"
    CLOSE_BEFORE_ACCEPT = "close_before_accept", False, "the connection is closed in order, nothing was done"
    CLOSE_AFTER_ACCEPT = "close_after_accept", True, "the work is done, then the connection is closed in order"
    HALF_CLOSE = "half_close", True, "the work is done, then only the sending side is closed"
    TOO_MANY_REQUESTS = "too_many_requests", False, "429, with `retry_after` as its header if the fault names one"
    TOO_MANY_REQUESTS_RETRY_AFTER = "too_many_requests_retry_after", False, "429 with Retry-After, `retry_after` (2)"
    TOO_MANY_REQUESTS_INSANE = "too_many_requests_insane", False, "429 with a Retry-After of 31 years"
    UNAVAILABLE_NOT_ACCEPTED = "unavailable_not_accepted", False, "503, nothing was done"
    UNAVAILABLE_ACCEPTED = "unavailable_accepted", True, "503 although the work is done"
    SERVER_ERROR_ACCEPTED = "server_error_accepted", True, "500 although the work is done"
    BAD_GATEWAY_HTML = "bad_gateway_html", True, "502 with a proxy's HTML page although the work is done"
    UNAUTHORIZED = "unauthorized", False, "401 in the provider's words, as when a key was withdrawn"
    BAD_REQUEST = "bad_request", False, "400, a documented refusal in the provider's words"
    CREATED_NOT_JSON = "created_not_json", True, "201 with a page of HTML"
    CREATED_EMPTY = "created_empty", True, "201 without a body"
    CREATED_EMPTY_OBJECT = "created_empty_object", True, "201 with {}"
    CREATED_FOREIGN_ID = "created_foreign_id", True, "201 with the id of the message accepted before this one"
    CREATED_TRUNCATED = "created_truncated", True, "201, the body cut in the middle and the connection closed"
    HUGE_BODY = "huge_body", True, "201 with 400 MB of JSON text"
    GZIP_BOMB = "gzip_bomb", True, "201 with 300 kB of gzip that unpack to 300 MB"
    MIXED_PARTS = "mixed_parts", True, "200, some parts refused; on wires without parts an answer of odd shape"
    TEMPORARY_REDIRECT = "temporary_redirect", True, "307 to the same place: who follows it sends twice"
    REDIRECT_OTHER_HOST = "redirect_other_host", True, "302 to `location`, another host"
    INFORMATIONAL_FLOOD = "informational_flood", True, "100 Continue without end"
    WRONG_CONTENT_LENGTH = "wrong_content_length", True, "201 with half of its Content-Length"
    BOTH_CL_AND_TE = "both_cl_and_te", True, "201 with a Content-Length and chunks that contradict each other"
    INVALID_UTF8 = "invalid_utf8", True, "201 with JSON text that is no UTF-8"
    LOOKUP_DOWN = "lookup_down", False, "look-ups answer 503"
    LOOKUP_STALE = "lookup_stale", True, "look-ups do not show the messages of the last `seconds` (30)"
    LOOKUP_MISSING_PAGE = "lookup_missing_page", True, "listings leave out their first page without a word"
    LOOKUP_FOREIGN_ROWS = "lookup_foreign_rows", True, "listings begin with messages that are somebody else's"


# The list of reliability.md 2 spelt out literally: a scenario may use these names too.
_LITERAL_NAMES: Final = {
    "later_than_timeout_but_accepted": FaultMode.LATE_ACCEPT,
    "429_without_retry_after": FaultMode.TOO_MANY_REQUESTS,
    "429_with_retry_after": FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER,
    "429_insane_retry_after": FaultMode.TOO_MANY_REQUESTS_INSANE,
    "503_not_accepted": FaultMode.UNAVAILABLE_NOT_ACCEPTED,
    "503_accepted": FaultMode.UNAVAILABLE_ACCEPTED,
    "500_accepted": FaultMode.SERVER_ERROR_ACCEPTED,
    "502_html": FaultMode.BAD_GATEWAY_HTML,
    "401_mid_run": FaultMode.UNAUTHORIZED,
    "400_valid_error": FaultMode.BAD_REQUEST,
    "201_not_json": FaultMode.CREATED_NOT_JSON,
    "201_empty": FaultMode.CREATED_EMPTY,
    "201_empty_object": FaultMode.CREATED_EMPTY_OBJECT,
    "201_id_of_another_message": FaultMode.CREATED_FOREIGN_ID,
    "201_truncated": FaultMode.CREATED_TRUNCATED,
    "201_with_400_mb_body": FaultMode.HUGE_BODY,
    "201_gzip_bomb": FaultMode.GZIP_BOMB,
    "200_with_per_part_mixed_status": FaultMode.MIXED_PARTS,
    "307": FaultMode.TEMPORARY_REDIRECT,
    "302_to_other_host": FaultMode.REDIRECT_OTHER_HOST,
    "1xx_flood": FaultMode.INFORMATIONAL_FLOOD,
    "lookup_endpoint_down": FaultMode.LOOKUP_DOWN,
}

MODES_BY_NAME: Final[Mapping[str, FaultMode]] = {
    **{mode.value: mode for mode in FaultMode},
    **_LITERAL_NAMES,
}

LOOKUP_MODES: Final = frozenset(mode for mode in FaultMode if mode.startswith("lookup_"))

_USUAL_SECONDS: Final = {
    FaultMode.LATENCY: 2.0,
    FaultMode.LATE_ACCEPT: 15.0,
    FaultMode.SLOW_LORIS_HEADERS: 0.3,
    FaultMode.SLOW_BODY: 0.3,
    FaultMode.LOOKUP_STALE: 30.0,
}
_USUAL_RETRY_AFTER: Final = {
    FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER: "2",
    FaultMode.TOO_MANY_REQUESTS_INSANE: "1000000000",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of a scenario's ``faults``.

    Attributes:
        mode: what goes wrong.
        rate: the share of requests it hits, 0 to 1.
        on: which requests it may hit.
        seconds: the mode's time, None for its usual one.
        retry_after: the exact text of the Retry-After header, None for the mode's usual one.
        location: where ``redirect_other_host`` points.
    """

    mode: FaultMode
    rate: float = 1.0
    on: RequestKind = RequestKind.SEND
    seconds: float | None = None
    retry_after: str | None = None
    location: str = "http://other-host.invalid/"

    @property
    def effective_seconds(self) -> float:
        """The time the mode works with."""
        return _USUAL_SECONDS.get(self.mode, 0.0) if self.seconds is None else self.seconds

    @property
    def effective_retry_after(self) -> str | None:
        """The Retry-After header the mode sends, None for none."""
        return _USUAL_RETRY_AFTER.get(self.mode) if self.retry_after is None else self.retry_after

    def to_json(self) -> Mapping[str, object]:
        """Return the fault as a scenario writes it."""
        values = {
            "mode": self.mode.value,
            "rate": self.rate,
            "on": self.on.value,
            "seconds": self.seconds,
            "retry_after": self.retry_after,
            "location": self.location,
        }
        return {name: value for name, value in values.items() if value is not None}


NO_FAULT: Final = Fault(FaultMode.OK)


def choose_fault(faults: Sequence[Fault], kind: RequestKind, draw: float) -> Fault:
    """Return the fault that hits a request of ``kind``, given ``draw`` from [0, 1).

    The rates are shares of all requests: 0.05 and 0.05 hit a tenth of them together. What exceeds 1 never happens.
    """
    threshold = 0.0
    for fault in faults:
        if fault.on is kind:
            threshold += fault.rate
            if draw < threshold:
                return fault
    return NO_FAULT
