"""What the screen that composes needs to know: whom it can send for, as whom, and what is missing where."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from desktop_app.domain.money import amount_of, micro_half_up
from desktop_app.domain.sender_documents import Purpose, needs_of
from desktop_app.domain.sender_ids import ApprovalStatus, parse_sender, rule_for
from desktop_app.domain.text_warnings import asks_for_opt_out, tells_how_to_opt_out
from desktop_app.providers.registry import driver_of
from desktop_app.services.accounts import default_provider
from desktop_app.services.clock import Clock
from desktop_app.services.country_rules import rules_in_force
from desktop_app.services.preferences import read_preferences
from desktop_app.services.preflight import Recipients
from desktop_app.services.promises import CreditState
from desktop_app.services.send_orders import Preflight, SendOrder
from desktop_app.services.sending import SendingService
from desktop_app.storage.unit_of_work import Database

# Above either of them a send is confirmed by typing how many messages it is (decisions.md 12).
MANY_NUMBERS: Final = 5_000
MUCH_MONEY: Final = 500_000_000
_NOT_APPROVED: Final = "sender_not_approved"
_BLOCKING: Final = frozenset({ApprovalStatus.REJECTED, ApprovalStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class ClientChoice:
    """A client that can be sent for.

    Attributes:
        name: its name.
        currency: of its credit.
        available: micro-units it can spend now.
        alert: micro-units below which it is warned, None for never.
        paused: nothing may be sent for it.
        default_sender: the sender ID a message for it starts with, "" for none.
    """

    name: str
    currency: str
    available: int
    alert: int | None
    paused: bool
    default_sender: str


@dataclass(frozen=True, slots=True)
class SenderChoice:
    """A sender ID of a client.

    Attributes:
        text: as it is spelt.
        approved: in how many countries it is approved.
        waiting: in how many its request waits.
        refused: in how many it was rejected or has expired.
    """

    text: str
    approved: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class MissingApproval:
    """What a country wants before a sender ID works there.

    Attributes:
        country: ISO 3166 alpha-2.
        status: of the request, None when nothing was requested.
        missing: what the country asks for and nothing proves yet.
    """

    country: str
    status: ApprovalStatus | None
    missing: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What a provider takes.

    Attributes:
        longest: characters of one text.
        shift_tables: the national tables it encodes in, as for ``plan_segments``.
    """

    longest: int
    shift_tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Composition:
    """What an order comes to while it is composed.

    Attributes:
        sheet: what sending it means.
        replaced: the same with the characters replaced that force UCS-2; None where nothing can be replaced.
        partial: the same for as many as the credit covers, None while it covers all.
        approvals: what is missing in the countries where the sender ID needs pre-approval.
        is_large: sending it is confirmed by typing how many messages it is.
        without_opt_out: countries whose rule on the content asks for a way to opt out, which the text does not tell.
    """

    sheet: Preflight
    replaced: Preflight | None
    partial: Preflight | None
    approvals: tuple[MissingApproval, ...]
    is_large: bool
    without_opt_out: tuple[str, ...] = ()


class CompositionsService:
    """Reads for the screen that composes."""

    def __init__(self, database: Database, sending: SendingService, clock: Clock) -> None:
        self._database = database
        self._sending = sending
        self._clock = clock

    def look(self, order: SendOrder, recipients: Recipients, replaced_text: str) -> Composition:
        """Return what ``order`` comes to.

        Args:
            order: what is composed.
            recipients: its recipients, from ``SendingService.sort``.
            replaced_text: its text with the characters replaced that force UCS-2, the same text where there are none.

        Raises:
            NotFound: no such client, or no provider yet.
            InvalidInput: a text or sender ID that cannot be sent.
        """
        sheet = self._sending.look(order, recipients)
        replaced = partial = None
        if replaced_text != order.text:
            replaced = self._sending.look(replace(order, text=replaced_text), recipients)
        if order.budget is None and sheet.credit_state is CreditState.SHORT:
            partial = self._sending.look(replace(order, budget=sheet.available), recipients)
        waiting = [one.country for one in sheet.refused if one.reason == _NOT_APPROVED]
        approvals = self.missing_approvals(order.client, order.sender, waiting) if waiting else ()
        return Composition(
            sheet, replaced, partial, approvals, self._is_large(sheet), self._without_opt_out(order.text, sheet)
        )

    def _without_opt_out(self, text: str, sheet: Preflight) -> tuple[str, ...]:
        if tells_how_to_opt_out(text):
            return ()
        countries = dict.fromkeys(group.quote.country for group in sheet.groups)
        with self._database.read() as uow:
            rules = rules_in_force(uow)
        return tuple(iso for iso in countries if asks_for_opt_out(rule_for(rules, iso).content))

    def _is_large(self, sheet: Preflight) -> bool:
        if sheet.accepted > MANY_NUMBERS:
            return True
        with self._database.read() as uow:
            main = read_preferences(uow).currency
            rate = uow.exchange_rates.find(sheet.currency, main, self._clock().date())
        # What cannot be converted may be much.
        return rate is None or micro_half_up(amount_of(sheet.total) * rate) > MUCH_MONEY

    def clients(self) -> tuple[ClientChoice, ...]:
        """Return the clients that can be sent for, by name, with their credit now."""
        with self._database.read() as uow:
            return tuple(
                ClientChoice(
                    one.name, one.currency, uow.ledger.balance(one.account_id).available, one.alert, one.paused,
                    one.default_sender,
                )
                for one in uow.clients.list_all()
                if one.archived_at is None
            )  # fmt: skip

    def senders(self, client: str) -> tuple[SenderChoice, ...]:
        """Return the sender IDs of a client, its default first.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            owner = uow.clients.get(client)
            statuses: dict[str, list[ApprovalStatus]] = {}
            for row in uow.senders.list_rows(owner.client_id):
                known = statuses.setdefault(row.sender, [])
                if row.country is not None:
                    known.append(ApprovalStatus(row.status))
        choices = [_choice(text, found) for text, found in statuses.items()]
        return tuple(sorted(choices, key=lambda one: (one.text != owner.default_sender, -one.approved, one.text)))

    def limits(self) -> TextLimits:
        """Return what the provider that sends takes.

        Raises:
            NotFound: there is none yet.
        """
        with self._database.read() as uow:
            capabilities = driver_of(default_provider(uow).kind).capabilities
        return TextLimits(capabilities.max_text_length, capabilities.shift_tables)

    def missing_approvals(self, client: str, sender: str, countries: Iterable[str]) -> tuple[MissingApproval, ...]:
        """Return what is missing before a sender ID works in ``countries``.

        Raises:
            NotFound: no such client.
            InvalidInput: no sender ID.
        """
        key = parse_sender(sender).key
        with self._database.read() as uow:
            found = uow.senders.find(uow.clients.get(client).client_id, key)
            statuses = uow.senders.approvals(found[0], self._clock()) if found is not None else {}
            rules = rules_in_force(uow)
            documents = (
                uow.sender_reviews.documents(self._clock(), found[0]).get(found[0], []) if found is not None else []
            )
        return tuple(
            MissingApproval(
                country,
                ApprovalStatus(statuses[country]) if country in statuses else None,
                tuple(need.purpose for need in needs_of(rule_for(rules, country), documents) if need.is_missing),
            )
            for country in countries
        )


def _choice(text: str, statuses: list[ApprovalStatus]) -> SenderChoice:
    approved = sum(status is ApprovalStatus.APPROVED for status in statuses)
    refused = sum(status in _BLOCKING for status in statuses)
    free = sum(status is ApprovalStatus.NOT_REQUIRED for status in statuses)
    return SenderChoice(text, approved, len(statuses) - approved - refused - free, refused)
