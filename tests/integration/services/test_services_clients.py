"""Clients, their API keys and their credit."""

import hashlib
from decimal import Decimal

import pytest

from desktop_app.domain.errors import InsufficientCredit, InvalidInput, NotFound, StaleData
from tests.fixtures.application import Desk, at_once, german


def test_a_new_client_has_nothing(desk: Desk) -> None:
    client = desk.application.clients.add("  Borealis ", currency="usd", email="b@example.com", actor="anna")

    assert (client.name, client.currency, client.email, client.paused) == ("Borealis", "USD", "b@example.com", False)
    assert desk.money("Borealis") == (0, 0)
    assert [one.name for one in desk.application.clients.list_all()] == ["Aurora", "Borealis"]


@pytest.mark.parametrize(
    ("name", "rest"),
    [("aurora", {}), ("ＡＵＲＯＲＡ", {}), ("", {}), ("x" * 121, {}), ("New", {"email": "nobody"}), ("New", {"currency": "XXX"})],
)  # fmt: skip
def test_what_is_no_new_client_is_refused(sqlite_desk: Desk, name: str, rest: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        sqlite_desk.application.clients.add(name, actor="anna", **rest)

    assert len(sqlite_desk.application.clients.list_all()) == 1


def test_of_an_api_key_only_its_hash_is_kept(desk: Desk) -> None:
    clients = desk.application.clients
    key = clients.new_key("Aurora", replace=False, actor="anna")
    prefix, secret = key.split(".")

    ((kept,),) = desk.query("SELECT digest FROM api_key")
    assert len(secret) >= 40
    assert kept not in (key, secret, hashlib.sha256(secret.encode()).hexdigest())  # keyed, not bare
    everything = [
        str(row) for table in ("api_key", "activity", "setting") for row in desk.query(f"SELECT * FROM {table}")
    ]
    assert [line for line in everything if secret in line] == []
    assert any(prefix in line for line in everything)


def test_a_key_is_replaced_only_when_asked_for(desk: Desk) -> None:
    clients = desk.application.clients
    first = clients.new_key("Aurora", replace=False, actor="anna")
    with pytest.raises(InvalidInput):
        clients.new_key("Aurora", replace=False, actor="anna")

    second = clients.new_key("Aurora", replace=True, actor="anna")

    assert first != second
    alive = desk.query("SELECT prefix FROM api_key WHERE revoked_at IS NULL")
    assert alive == [(second.split(".")[0],)]
    with pytest.raises(NotFound):
        clients.new_key("Nobody", replace=True, actor="anna")


def test_a_top_up_with_the_same_key_happens_once(desk: Desk) -> None:
    credit = desk.application.credits

    def top_up(amount: str = "5") -> object:
        return credit.top_up("Aurora", Decimal(amount), reason="order 7", actor="anna", idem="order-7")

    first = top_up()
    assert top_up() == first
    assert at_once(top_up, top_up, top_up) == [first] * 3
    with pytest.raises(StaleData):
        top_up("6")

    assert desk.money() == (105, 0)
    desk.assert_sound()


def test_many_top_ups_at_once_all_count(desk: Desk) -> None:
    credit = desk.application.credits

    def top_up() -> object:
        return credit.top_up("Aurora", Decimal("0.000001"), reason="a drop", actor="anna")[0].posted

    results = at_once(*[top_up] * 8)

    assert sorted(results, key=str) == [100_000_001 + n for n in range(8)]
    desk.assert_sound()


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "1000000001", "NaN"])
def test_what_is_no_top_up_is_refused(sqlite_desk: Desk, amount: str) -> None:
    with pytest.raises(InvalidInput):
        sqlite_desk.application.credits.top_up("Aurora", Decimal(amount), reason="first", actor="anna")

    assert sqlite_desk.money() == (100, 0)


def test_an_adjustment_takes_no_more_than_is_available(desk: Desk) -> None:
    credit = desk.application.credits
    desk.queue(german(1000))  # holds 60 of the 100
    with pytest.raises(InsufficientCredit, match=r"40\.000000"):
        credit.adjust("Aurora", Decimal("-40.000001"), reason="a correction", actor="anna")
    assert desk.money() == (40, 60)

    credit.adjust("Aurora", Decimal(-40), reason="a correction", actor="anna")
    credit.adjust("Aurora", Decimal("0.5"), reason="a present", actor="anna")

    assert desk.money() == (Decimal("0.5"), 60)
    for amount, reason in (("0", "a correction"), ("1", "no"), ("1", "")):
        with pytest.raises(InvalidInput):
            credit.adjust("Aurora", Decimal(amount), reason=reason, actor="anna")
    desk.assert_sound()


def test_two_adjustments_at_once_cannot_take_the_same_credit(desk: Desk) -> None:
    def take() -> object:
        return desk.application.credits.adjust("Aurora", Decimal(-60), reason="a correction", actor="anna")[1]

    results = at_once(take, take)

    assert sorted(isinstance(result, InsufficientCredit) for result in results) == [False, True]
    assert desk.money() == (40, 0)
    desk.assert_sound()


def test_a_statement_adds_up_to_what_is_posted(desk: Desk) -> None:
    desk.queue(german(5))
    desk.queue(german(2, start=50))
    desk.drain()
    desk.application.credits.adjust("Aurora", Decimal(-1), reason="a correction", actor="berta")

    currency, entries = desk.application.credits.statement("Aurora")

    balance = desk.application.credits.balance("Aurora")
    assert currency == "EUR"
    assert sum(entry.amount for entry in entries) == balance.posted
    assert sum(entry.held for entry in entries) == balance.held == 0
    assert [(entry.kind.value, entry.actor) for entry in entries[:2]] == [("topup", "anna"), ("hold", "anna")]
    assert entries[-1].reason == "a correction"


def test_a_reduction_repeated_with_its_key_answers_with_the_first_entry_even_when_the_credit_is_spent(
    desk: Desk,
) -> None:
    credit = desk.application.credits
    available = Decimal(credit.balance("Aurora").available).scaleb(-6)
    _, first = credit.adjust("Aurora", -available, reason="wrong top-up", actor="anna", idem="take-back")
    balance, again = credit.adjust("Aurora", -available, reason="wrong top-up", actor="anna", idem="take-back")
    assert (again, balance.available) == (first, 0)
