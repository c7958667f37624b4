"""The ledger against a small model: whatever happens in whatever order, the books say what the model says (P17, P25)."""

import itertools
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql

from desktop_app.domain.errors import InsufficientCredit, StaleData
from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.domain.money import amount_of
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.clients import ClientsService
from desktop_app.services.credits import CreditsService
from desktop_app.services.delivery import DeliveryService
from desktop_app.services.pricing import PricingService
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.services.sending import SendingService, SendOrder
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.storage.repositories.dispatch import Settled
from desktop_app.storage.repositories.receipts import Receipt
from desktop_app.storage.unit_of_work import Database, UnitOfWork

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLIENTS = ("Aurora", "Borealis")
PRICE = 60_000
REPORTED = ("accepted", "sent", "expired", "undelivered", "rejected", "delivered")
FAILED = REPORTED[2:5]
PICK = st.integers(0, 10**6)
AMOUNT = st.integers(1, 40).map(lambda quarters: quarters * PRICE // 4 + 1)


class PowerCut(Exception):
    """Ends a transaction the way a crash does."""


@dataclass
class Message:
    """A message of the model: one price, one place, and its parts by provider id."""

    client: str
    status: str = "queued"
    attempt: int = 0
    parts: dict[str, str] = field(default_factory=dict)


class Model:
    """What the books must say, kept in plain variables."""

    def __init__(self) -> None:
        self.posted = dict.fromkeys(CLIENTS, 0)
        self.held = dict.fromkeys(CLIENTS, 0)
        self.messages: dict[int, Message] = {}
        self.waiting: set[tuple[str, str]] = set()

    def available(self, client: str) -> int:
        return self.posted[client] - self.held[client]

    def queue(self, client: str, ids: list[int]) -> None:
        self.messages |= {message_id: Message(client) for message_id in ids}
        self.held[client] += PRICE * len(ids)

    def standing(self, *statuses: str) -> list[int]:
        return sorted(number for number, one in self.messages.items() if one.status in statuses)

    def settle(self, message_id: int, outcome: str, sids: tuple[str, ...]) -> None:
        one = self.messages[message_id]
        one.status = {"not_sent": "queued"}.get(outcome, outcome)
        if outcome == "accepted":
            one.parts = dict.fromkeys(sids, "accepted")
            self.posted[one.client] -= PRICE
        if outcome in ("accepted", "rejected"):
            self.held[one.client] -= PRICE

    def block(self, message_id: int) -> None:
        self.messages[message_id].status = "blocked"
        self.held[self.messages[message_id].client] -= PRICE

    def report(self, reports: set[tuple[str, str]]) -> None:
        self.waiting |= reports
        parts = {sid: one for one in self.messages.values() for sid in one.parts}
        for sid, status in sorted(self.waiting):
            if sid in parts:
                one = parts[sid]
                one.parts[sid] = max(one.parts[sid], status, key=REPORTED.index)
                failed = [part for part in one.parts.values() if part in FAILED]
                pick = max(failed, key=REPORTED.index) if failed else min(one.parts.values(), key=REPORTED.index)
                one.status = pick
        self.waiting = {report for report in self.waiting if report[0] not in parts}


class Business:
    """A database with two clients that may send to Germany at a known price, and the services on it."""

    def __init__(self, url: str, folder: Path, discard: Callable[[], None]) -> None:
        self.database = Database(url, folder)
        self._discard = discard
        self._ticks = itertools.count()
        self.credits = CreditsService(self.database, self.clock)
        self.sending = SendingService(self.database, self.clock)
        self.delivery = DeliveryService(self.database, self.clock)
        with self.database.read() as uow:
            stored = uow.providers.default()
        self.provider_id = stored.provider_id if stored else 0

    def clock(self) -> datetime:
        """The time, a second later at each look."""
        return NOW.replace(microsecond=next(self._ticks) % 10**6)

    def close(self) -> None:
        """Close it and throw its database away."""
        self.database.close()
        self._discard()

    @contextmanager
    def cut_off(self) -> Iterator[UnitOfWork]:
        """Open a transaction that never comes to its end."""
        with suppress(PowerCut), self.database.begin() as uow:
            yield uow
            raise PowerCut


def found_business(url: str, folder: Path) -> None:
    """Make the database that every example starts from."""
    database = Database(url, folder)
    database.upgrade()

    def clock() -> datetime:
        return NOW

    with database.begin() as uow:
        uow.prices.add_list("Standard", "EUR")
        uow.providers.add("Main", "twilio", "https://api.twilio.com", {}, is_default=True, at=NOW)
        uow.settings.set("service", "on")
    pricing = PricingService(database, clock)
    pricing.import_costs("Main", [CostRow("DE", None, "", "0.05", 50_000, "EUR")], actor="anna")
    pricing.reprice(PriceRule(RuleKind.MARKUP, 2_000), actor="anna")
    for name in CLIENTS:
        ClientsService(database, clock).add(name, actor="anna")
        SenderIDsService(database, clock).request(name, "AURORA", actor="anna")
    database.close()


class LedgerMachine(RuleBasedStateMachine):
    """Everything that moves credit, in any order, with repetitions and crashes."""

    def __init__(self, business: Business) -> None:
        super().__init__()
        self.business = business
        self.model = Model()
        self.epoch = 1
        self.keys = itertools.count()
        self.paid: list[tuple[str, str, int, str, int]] = []
        self.sent: list[tuple[SendOrder, int]] = []

    def teardown(self) -> None:
        self.business.close()

    @initialize(count=st.integers(4, 8), parts=st.integers(1, 3))
    def start_selling(self, count: int, parts: int) -> None:
        for client in CLIENTS:
            self._pay("top_up", client, 20 * PRICE)
            self.queue(client, count)
        self.claim(count)
        self._settle(dict.fromkeys(self.model.standing("sending")[:2], "accepted"), parts)

    # Credit

    @rule(client=st.sampled_from(CLIENTS), amount=AMOUNT, step=st.sampled_from(["top_up", "adjust", "reduce"]))
    def pay(self, client: str, amount: int, step: str) -> None:
        if step != "reduce":
            self._pay(step, client, amount)
        elif amount <= self.model.available(client):
            self._pay("adjust", client, -amount)
        else:
            with pytest.raises(InsufficientCredit):
                self._post("adjust", client, -amount, "refused")

    @rule(pick=PICK)
    def repeat_a_payment(self, pick: int) -> None:
        kind, client, amount, key, entry_id = self.paid[pick % len(self.paid)]
        # A reduction asks for the credit first, also when it is a repetition.
        if amount > 0 or amount + self.model.available(client) >= 0:
            assert self._post(kind, client, amount, key) == entry_id
        if amount > 0:
            with pytest.raises(StaleData):
                self._post(kind, client, amount + 1, key)

    def _pay(self, kind: str, client: str, amount: int) -> None:
        key = f"key-{next(self.keys)}"
        entry_id = self._post(kind, client, amount, key)
        self.model.posted[client] += amount
        self.paid.append((kind, client, amount, key, entry_id))

    def _post(self, kind: str, client: str, amount: int, key: str) -> int:
        post = self.business.credits.top_up if kind == "top_up" else self.business.credits.adjust
        balance, entry_id = post(client, amount_of(amount), reason="by the test", actor="anna", idem=key)
        assert balance.last_transfer_id >= entry_id
        return entry_id

    # Sending

    @rule(client=st.sampled_from(CLIENTS), count=st.integers(1, 5))
    def queue(self, client: str, count: int) -> None:
        start = 10_000_000 + 10 * next(self.keys)
        order = SendOrder(
            client, "AURORA", "Hello", [f"+49151{start + n}" for n in range(count)], "anna", idem=f"order-{start}"
        )
        if self.model.available(client) < PRICE * count:
            with pytest.raises(InsufficientCredit):
                self.business.sending.queue(order)
            return
        sheet = self.business.sending.queue(order)
        assert sheet.total == PRICE * count
        assert sheet.batch_id is not None
        self.model.queue(client, [row.message_id for row in self.business.delivery.list_messages(sheet.batch_id)])
        self.sent.append((order, sheet.batch_id))

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def repeat_an_order(self, pick: int) -> None:
        order, batch_id = self.sent[pick % len(self.sent)]
        assert self.business.sending.queue(order).batch_id == batch_id

    @precondition(lambda self: self.model.standing("queued"))
    @rule(count=st.integers(2, 6))
    def claim(self, count: int) -> None:
        with self.business.database.begin() as uow:
            attempts = self._claim(uow, count)
        assert sorted(attempts) == self.model.standing("queued")[:count]
        for message_id, attempt_id in attempts.items():
            self.model.messages[message_id].status = "sending"
            self.model.messages[message_id].attempt = attempt_id

    @precondition(lambda self: self.model.standing("queued"))
    @rule(count=st.integers(1, 2))
    def block(self, count: int) -> None:
        with self.business.database.begin() as uow:
            blocked = self._block(uow, count)
        for message_id in blocked:
            self.model.block(message_id)

    @precondition(lambda self: self.model.standing("sending"))
    @rule(
        outcomes=st.lists(
            st.sampled_from(["accepted", "unknown", "accepted", "rejected", "not_sent"]), min_size=3, max_size=6
        ),
        parts=st.integers(1, 3),
    )
    def settle(self, outcomes: list[str], parts: int) -> None:
        self._settle(dict(zip(self.model.standing("sending"), outcomes, strict=False)), parts)

    @precondition(lambda self: self.model.standing("unknown"))
    @rule(pick=PICK, outcome=st.sampled_from(["accepted", "rejected", "not_sent"]), parts=st.integers(1, 3))
    def resolve_an_unknown_one(self, pick: int, outcome: str, parts: int) -> None:
        unknown = self.model.standing("unknown")
        self._settle({unknown[pick % len(unknown)]: outcome}, parts)

    @precondition(lambda self: self.model.standing(*REPORTED))
    @rule(pick=PICK, outcome=st.sampled_from(["accepted", "rejected", "unknown", "not_sent"]))
    def hear_a_settled_one_again(self, pick: int, outcome: str) -> None:
        settled = self.model.standing(*REPORTED)
        one = settled[pick % len(settled)]
        with self.business.database.begin() as uow:
            uow.dispatch.settle([self._outcome(one, outcome, ("SM-late",))], actor="engine", now=NOW)

    @precondition(lambda self: self.model.standing("sending") and self._known_ids())
    @rule(pick=PICK)
    def hear_the_id_of_another_message(self, pick: int) -> None:
        known, one = self._known_ids(), self.model.standing("sending")[0]
        with self.business.database.begin() as uow:
            outcome = self._outcome(one, "accepted", (known[pick % len(known)],))
            uow.dispatch.settle([outcome], actor="engine", now=NOW)
        self.model.settle(one, "unknown", ())

    @rule()
    def lose_the_sending_process(self) -> None:
        self.epoch += 1
        with self.business.database.begin() as uow:
            assert uow.dispatch.abandon_flights(self.epoch, NOW) == len(self.model.standing("sending"))
        for message_id in self.model.standing("sending"):
            self.model.messages[message_id].status = "unknown"

    # Receipts

    @precondition(lambda self: self._possible_ids())
    @rule(reports=st.lists(st.tuples(PICK, st.sampled_from(REPORTED)), min_size=1, max_size=4))
    def report(self, reports: list[tuple[int, str]]) -> None:
        ids = self._possible_ids()
        named = [(ids[pick % len(ids)], status) for pick, status in reports]
        receipts = [Receipt(sid, status, MessageStatus(status), "", f"{sid} is {status}") for sid, status in named]
        self.business.delivery.take_receipts(self.business.provider_id, receipts)
        self.model.report(set(named))

    # Crashes: a step is begun and never committed

    @rule(client=st.sampled_from(CLIENTS), amount=AMOUNT, count=st.integers(1, 4))
    def crash_in_the_middle(self, client: str, amount: int, count: int) -> None:
        with self.business.cut_off() as uow:
            account = uow.clients.get(client).account_id
            uow.ledger.set_overdraft(account, amount)
            if self.model.standing("queued"):
                self._block(uow, 1)
                self._claim(uow, count)
            outcomes = [
                self._outcome(one, "accepted", (f"SM-lost-{one}",)) for one in self.model.standing("sending", "unknown")
            ]
            uow.dispatch.settle(outcomes, actor="engine", now=NOW)
            uow.dispatch.join_statuses(
                self.business.provider_id, dict.fromkeys(self._known_ids(), MessageStatus.DELIVERED), NOW
            )

    # What must be so after every step

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        for client in CLIENTS:
            balance = self.business.credits.balance(client)
            assert (balance.posted, balance.held) == (self.model.posted[client], self.model.held[client])
            _currency, entries = self.business.credits.statement(client)
            assert sum(entry.amount for entry in entries) == balance.posted
            assert sum(entry.held for entry in entries) == balance.held

    @invariant()
    def messages_stand_where_the_model_says(self) -> None:
        found = {row.message_id: row.status.value for row in self.business.delivery.list_messages()}
        assert found == {message_id: one.status for message_id, one in self.model.messages.items()}

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        report = self.business.credits.verify()
        assert (report.problems, report.warnings) == ((), ())

    # Steps that are also taken inside a crash

    def _claim(self, uow: UnitOfWork, count: int) -> dict[int, int]:
        return uow.dispatch.claim(uow.dispatch.candidates(count, self._later()), epoch=self.epoch, now=NOW)

    def _block(self, uow: UnitOfWork, count: int) -> list[int]:
        refused = [(one, "below_cost") for one in uow.dispatch.candidates(count, self._later())]
        uow.dispatch.block(refused, actor="engine", now=NOW)
        return [one.message_id for one, _reason in refused]

    def _later(self) -> datetime:
        return NOW.replace(hour=13)

    def _settle(self, outcomes: dict[int, str], parts: int) -> None:
        written = []
        for message_id, outcome in outcomes.items():
            sids = tuple(f"SM-{self.model.messages[message_id].attempt}-{n}" for n in range(parts))
            written.append(self._outcome(message_id, outcome, sids))
            self.model.settle(message_id, outcome, sids)
        with self.business.database.begin() as uow:
            uow.dispatch.settle(written, actor="engine", now=NOW)

    def _outcome(self, message_id: int, outcome: str, sids: tuple[str, ...]) -> Settled:
        parts = tuple((sid, "0.05", "EUR") for sid in sids) if outcome == "accepted" else ()
        return Settled(self.model.messages[message_id].attempt, message_id, AttemptOutcome(outcome), parts)

    def _known_ids(self) -> list[str]:
        return sorted(sid for one in self.model.messages.values() for sid in one.parts)

    def _possible_ids(self) -> list[str]:
        """Ids a report may name: known ones, those of messages whose answer is still missing, and a stranger's."""
        coming = [f"SM-{self.model.messages[one].attempt}-0" for one in self.model.standing("sending", "unknown")]
        known = self._known_ids()
        return [*known, *coming, "SM-foreign"] if known or coming else []


@pytest.fixture(params=["sqlite", "postgresql"])
def new_business(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Business]]:
    """Return what gives a fresh business, copied from a finished one, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        found_business(f"sqlite:///{tmp_path / 'first.db'}", tmp_path)

        def copy_file() -> Business:
            path = tmp_path / f"{secrets.token_hex(8)}.db"
            shutil.copyfile(tmp_path / "first.db", path)
            return Business(f"sqlite:///{path}", tmp_path, path.unlink)

        yield copy_file
        return
    first: str = request.getfixturevalue("postgres_url")
    server = request.getfixturevalue("postgres_server")
    found_business(first, tmp_path)

    def copy_database() -> Business:
        template = sql.Identifier(first.rpartition("/")[2])
        name = f"ledger_{secrets.token_hex(8)}"
        copy = sql.Identifier(name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, template))
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy)
        return Business(server.url(name), tmp_path, lambda: server.execute(drop))

    yield copy_database


def _run(new_business: Callable[[], Business], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(new_business()),  # type: ignore[arg-type] # it is only called, without arguments
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_books_agree_with_the_model(new_business: Callable[[], Business]) -> None:
    _run(new_business, examples=25, steps=30)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_books_agree_with_the_model_for_a_long_time(new_business: Callable[[], Business]) -> None:
    _run(new_business, examples=300, steps=50)
