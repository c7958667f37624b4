"""The steps of the ledger as values: what they check, what makes them the same, what they do to an account."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.credits import AccountBalance, SystemAccount, Transfer, TransferKind, adjustment, effect_on
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.money import MAX_AMOUNT_MICRO

AMOUNTS = st.integers(1, MAX_AMOUNT_MICRO)
ACCOUNTS = st.lists(st.integers(1, 50), min_size=2, max_size=2, unique=True)
KINDS = st.sampled_from(TransferKind)


def transfer(kind: TransferKind = TransferKind.TOPUP, amount: int = 1_000, **changes: object) -> Transfer:
    whole = Transfer(kind, 1, 2, amount, "EUR", "topup:0001", "anna", "first order")
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type] # each test names fields that exist


@given(AMOUNTS)
def test_an_amount_is_whole_and_within_bounds(amount: int) -> None:
    assert transfer(amount=amount).amount == amount


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT_MICRO + 1, 2**63, -(2**63)])
def test_an_amount_out_of_bounds_is_refused(amount: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        transfer(amount=amount)
    assert set(caught.value.fields) == {"amount"}


@pytest.mark.parametrize("amount", [1.5, 1.0, True, "1", None])
def test_an_amount_that_is_no_whole_number_is_a_bug(amount: object) -> None:
    with pytest.raises(TypeError):
        transfer(amount=amount)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize("kind", [TransferKind.ADJUST, TransferKind.REVERSAL])
@pytest.mark.parametrize("reason", ["", "    ", "gift", " gift  "])
def test_a_correction_needs_a_reason(kind: TransferKind, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        transfer(kind, reason=reason)
    assert set(caught.value.fields) == {"reason"}
    assert transfer(kind, reason="gifts").reason == "gifts"
    assert transfer(TransferKind.TOPUP, reason="").reason == ""


# Frozen: the stored fingerprint of a transfer must be found again by every later version.
VECTORS = [
    (transfer(), "d45ab55dc033aa51092ca07c9b30f995a4492ab7f761218153dd9314395e8971"),
    (transfer(TransferKind.CAPTURE, hold_id=77), "6d69ebb7277d0c3407e81514ecb62de03c18cb8cfee9c1186de33dbaa2e9687d"),
    (
        transfer(TransferKind.REFUND, amount=MAX_AMOUNT_MICRO, refers_id=9),
        "9a69d5e4221d9d6e8f2193cf77e4ec941991dac322314a35b7150b699709e451",
    ),
]


@pytest.mark.parametrize(("posted", "fingerprint"), VECTORS)
def test_the_fingerprint_is_the_same_for_ever(posted: Transfer, fingerprint: str) -> None:
    assert posted.fingerprint == fingerprint


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", TransferKind.HOLD), ("debit_id", 3), ("credit_id", 3), ("amount", 1_001), ("currency", "USD"), ("hold_id", 1),
     ("refers_id", 1)],
)  # fmt: skip
def test_other_content_has_another_fingerprint(field: str, value: object) -> None:
    assert transfer(**{field: value}).fingerprint != transfer().fingerprint  # type: ignore[arg-type] # a field and its value


def test_the_fingerprint_is_about_the_money_only() -> None:
    again = transfer(actor="bert", reason="another word", idem="topup:0002")
    assert again.fingerprint == transfer().fingerprint


def test_fields_do_not_run_into_each_other() -> None:
    assert transfer(debit_id=1, credit_id=12).fingerprint != transfer(debit_id=11, credit_id=2).fingerprint
    assert transfer(hold_id=5).fingerprint != transfer(refers_id=5).fingerprint


@given(KINDS, ACCOUNTS, AMOUNTS)
def test_what_one_account_loses_the_other_gains(kind: TransferKind, accounts: list[int], amount: int) -> None:
    debit, credit = accounts
    posted = transfer(kind, amount, debit_id=debit, credit_id=credit)
    (lost, held), (gained, credit_held) = effect_on(posted, debit), effect_on(posted, credit)
    assert lost == -gained
    assert credit_held == 0
    assert effect_on(posted, 51) == (0, 0)
    expected = {
        TransferKind.HOLD: (0, amount),
        TransferKind.CAPTURE: (-amount, -amount),
        TransferKind.RELEASE: (0, -amount),
    }
    assert (lost, held) == expected.get(kind, (-amount, 0))


@given(AMOUNTS, st.data())
def test_a_hold_that_is_settled_leaves_nothing_reserved(amount: int, data: st.DataObject) -> None:
    captured = data.draw(st.integers(0, amount))
    steps = [transfer(TransferKind.HOLD, amount)]
    steps += [transfer(TransferKind.CAPTURE, captured, hold_id=1)] if captured else []
    steps += [transfer(TransferKind.RELEASE, amount - captured, hold_id=1)] if amount > captured else []
    effects = [effect_on(step, 1) for step in steps]
    assert sum(posted for posted, _held in effects) == -captured
    assert sum(held for _posted, held in effects) == 0


@given(st.integers(0, MAX_AMOUNT_MICRO), st.integers(0, MAX_AMOUNT_MICRO), st.integers(0, MAX_AMOUNT_MICRO))
def test_what_may_be_spent(posted: int, held: int, overdraft: int) -> None:
    assert AccountBalance(posted, held, overdraft, 7, "EUR").available == posted - held + overdraft


@given(st.integers(-MAX_AMOUNT_MICRO, MAX_AMOUNT_MICRO).filter(bool))
def test_an_adjustment_comes_from_the_bonus_or_goes_to_the_writeoff(amount: int) -> None:
    made = adjustment(
        client_account=5,
        bonus=6,
        writeoff=7,
        amount=amount,
        currency="EUR",
        idem="adjust:1",
        actor="anna",
        reason="a gift",
    )
    assert made.kind is TransferKind.ADJUST
    assert effect_on(made, 5) == (amount, 0)
    assert effect_on(made, 6 if amount > 0 else 7) == (-amount, 0)


def test_an_adjustment_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        adjustment(
            client_account=5,
            bonus=6,
            writeoff=7,
            amount=0,
            currency="EUR",
            idem="adjust:1",
            actor="anna",
            reason="a gift",
        )


def test_the_words_that_are_stored() -> None:
    assert [kind.value for kind in TransferKind] == [
        "topup", "hold", "capture", "release", "charge", "refund", "adjust", "reversal",
    ]  # fmt: skip
    assert [kind.value for kind in SystemAccount] == ["bank", "sales", "bonus", "writeoff", "exposure", "loss", "tests"]
