"""Connecting to providers against the sandbox over HTTP: the steps of a test, secrets, routes, removal."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import pytest

from desktop_app.domain.errors import Cancelled, InvalidInput, NotAllowed, ProviderError, SecretStoreError
from desktop_app.providers.base import Balance, CountryCosts
from desktop_app.providers.registry import open_provider
from desktop_app.secret_store import Where
from desktop_app.services.job import Job
from desktop_app.services.provider_checks import Check, Step, StepState
from desktop_app.services.provider_records import ProviderDraft, ProviderState
from desktop_app.services.providers import ProvidersService
from tests.fixtures.application import ACCOUNT, SECRET, Desk, german

ELSEWHERE = "http://127.0.0.2:9/twilio"


def draft(
    desk: Desk, name: str = "Main", *, url: str = "", account: str = ACCOUNT, secret: str = SECRET
) -> ProviderDraft:
    return ProviderDraft(name, "twilio", url or f"{desk.sandbox.url}/twilio", {"account_sid": account}, secret)


def states(check: Check) -> list[StepState]:
    return [one.state for one in check.steps]


def kinds(desk: Desk) -> list[str]:
    with desk.application.database.read() as uow:
        return [entry.kind for entry in uow.activity.list_latest(20)]


@pytest.fixture
def providers(bare_desk: Desk) -> ProvidersService:
    return bare_desk.application.providers


def test_every_kind_declares_what_its_form_needs(providers: ProvidersService) -> None:
    for kind in providers.kinds():
        assert [field.key for field in kind.fields if field.secret] == ["secret"]
        assert all(field.label and field.hint() for field in kind.fields)


def test_all_steps_pass_and_nothing_is_stored(bare_desk: Desk, providers: ProvidersService) -> None:
    steps: list[int] = []

    check = providers.check(draft(bare_desk), Job(lambda done, _total, _label: steps.append(done)))

    assert check.passed
    assert states(check) == [StepState.PASSED] * 4
    assert check.balance is not None
    assert (check.balance.amount, check.balance.currency) == (Decimal("123.45"), "EUR")
    assert check.steps[3].detail == "230 countries"
    assert steps == sorted(steps)
    assert providers.list_providers() == []


def test_a_wrong_key_fails_the_login_in_plain_words(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.change(credentials={"twilio": [ACCOUNT, "another"]})

    check = providers.check(draft(bare_desk), Job())

    assert states(check) == [StepState.PASSED, StepState.FAILED, StepState.SKIPPED, StepState.SKIPPED]
    assert check.failure is not None
    assert (check.failure.step, "Auth Token" in check.failure.advice) == (Step.LOGIN, True)
    assert SECRET not in repr(check)


def test_no_network_fails_the_address(bare_desk: Desk, providers: ProvidersService) -> None:
    check = providers.check(draft(bare_desk, url="http://127.0.0.1:9/twilio"), Job())

    assert states(check) == [StepState.FAILED, StepState.SKIPPED, StepState.SKIPPED, StepState.SKIPPED]
    assert check.failure is not None
    assert "no connection" in check.failure.detail


@pytest.mark.parametrize("mode", ["bad_gateway_html", "created_not_json", "created_truncated", "close_after_accept"])
def test_another_answer_than_the_provider_gives_is_told(
    bare_desk: Desk, providers: ProvidersService, mode: str
) -> None:
    bare_desk.change(faults=[{"mode": mode, "on": "account", "rate": 1}])

    check = providers.check(draft(bare_desk), Job())

    assert not check.passed
    assert check.failure is not None
    assert check.failure.detail.endswith(".")
    assert check.failure.advice


def test_a_slow_answer_is_waited_for_and_its_time_is_told_and_a_slower_one_given_up(bare_desk: Desk) -> None:
    application = bare_desk.application
    providers = ProvidersService(
        application.database, application.accounts, application.providers._secrets, application.clock,
        partial(open_provider, lookup_seconds=2.0),
    )  # fmt: skip
    # The balance takes a fifth of a second like this, the list of countries half a minute.
    bare_desk.change(faults=[{"mode": "slow_body", "on": "account", "rate": 1, "seconds": 0.002}])

    check = providers.check(draft(bare_desk), Job())

    assert states(check) == [StepState.PASSED] * 3 + [StepState.FAILED]
    assert 50 < (check.response_ms or 0) < 2_000
    assert check.failure is not None
    assert check.failure.step is Step.PRICES


class WithoutPrices:
    """A provider that tells its balance and fails to list prices."""

    def balance(self) -> Balance:
        return Balance(Decimal(5), "EUR")

    def list_costs(self, on_progress: Callable[[int, int, str], None]) -> Iterator[CountryCosts]:
        on_progress(0, 1, "")
        yield from self._nothing()

    def _nothing(self) -> list[CountryCosts]:
        raise ProviderError("The price service is down.")


def test_an_account_that_lists_no_prices_says_that_a_sheet_can_be_imported(bare_desk: Desk) -> None:
    application = bare_desk.application
    providers = ProvidersService(
        application.database, application.accounts, application.providers._secrets, application.clock,
        lambda _: WithoutPrices(),  # type: ignore[arg-type,return-value]
    )  # fmt: skip

    check = providers.check(draft(bare_desk), Job())

    assert states(check) == [StepState.PASSED] * 3 + [StepState.FAILED]
    assert check.failure is not None
    assert "price sheet can be imported" in check.failure.advice
    assert check.balance == Balance(Decimal(5), "EUR")


def test_a_test_that_is_stopped_stores_nothing(bare_desk: Desk, providers: ProvidersService) -> None:
    job = Job()
    job.cancel()

    with pytest.raises(Cancelled):
        providers.check(draft(bare_desk), job)


def test_every_field_is_checked_at_once(bare_desk: Desk, providers: ProvidersService) -> None:
    problems = providers.problems(draft(bare_desk, name="", url="https://evil.example", account="AC1", secret=""))

    assert set(problems) == {"name", "base_url", "account_sid", "secret"}
    assert providers.problems(draft(bare_desk)) == {}


def test_what_the_test_found_is_the_first_answer(bare_desk: Desk, providers: ProvidersService) -> None:
    check = providers.check(draft(bare_desk), Job())
    providers.add(draft(bare_desk), check, default=False, actor="anna")

    one = providers.list_providers()[0]
    assert (one.is_default, one.is_sandbox, one.state) == (True, True, ProviderState.TEST_ONLY)
    assert one.balance is not None
    assert (one.balance.amount, one.answered_at is not None) == (Decimal("123.45"), True)
    assert (one.countries, one.networks) == (0, 0)
    bare_desk.application.accounts.sync_costs("Main", actor="anna", job=Job())
    assert providers.list_providers()[0].countries == 230


def test_a_stored_account_that_fails_says_why_until_it_answers(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    bare_desk.change(credentials={"twilio": [ACCOUNT, "another"]})
    assert not providers.test("Main", actor="anna", job=Job()).passed
    one = providers.list_providers()[0]
    assert (one.state, one.failed_at is not None) == (ProviderState.FAILING, True)
    assert "does not accept the credentials" in (one.last_error or "")

    bare_desk.change(credentials={"twilio": None})
    assert providers.test("Main", actor="anna", job=Job()).passed
    assert (providers.list_providers()[0].last_error, providers.list_providers()[0].failed_at) == (None, None)


def test_an_empty_balance_is_no_credit(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    bare_desk.change(balance="0")
    providers.test("Main", actor="anna", job=Job())

    assert providers.list_providers()[0].state is ProviderState.NO_CREDIT


def test_another_host_makes_the_secret_go(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    assert providers.secret_state("Main").ending == SECRET[-4:]

    providers.edit("Main", draft(bare_desk, url=ELSEWHERE, secret=""), actor="berta")

    assert providers.secret_state("Main").where is None
    with pytest.raises(SecretStoreError, match="Enter it again"):
        bare_desk.application.accounts.open("Main")
    assert "the address changed" in (providers.list_providers()[0].last_error or "")
    assert kinds(bare_desk)[:2] == ["secret_removed", "provider_changed"]


def test_the_stored_secret_never_goes_to_another_host(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")

    with pytest.raises(InvalidInput) as caught:
        providers.check(draft(bare_desk, url=ELSEWHERE, secret=""), Job(), stored="Main")

    assert set(caught.value.fields) == {"secret"}
    assert providers.check(draft(bare_desk, secret=""), Job(), stored="Main").passed


def test_a_new_name_keeps_the_secret_and_a_taken_one_is_refused(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    bare_desk.add_provider("Other")
    with pytest.raises(InvalidInput) as caught:
        providers.edit("Main", draft(bare_desk, "OTHER", secret=""), actor="anna")
    assert set(caught.value.fields) == {"name"}

    providers.edit("Main", draft(bare_desk, "Hauptweg", secret=""), actor="anna")

    assert [one.name for one in providers.list_providers()] == ["Hauptweg", "Other"]
    assert providers.secret_state("Hauptweg").ending == SECRET[-4:]
    assert providers.test("Hauptweg", actor="anna", job=Job()).passed


def test_a_secret_is_replaced_and_removed_and_never_written_down(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    providers.replace_secret("Main", "another secret 9876", actor="berta")
    state = providers.secret_state("Main")
    assert (state.where, state.ending) == (Where.VAULT, "9876")

    providers.remove_secret("Main", actor="berta")

    assert providers.secret_state("Main").where is None
    assert kinds(bare_desk)[:2] == ["secret_removed", "secret_replaced"]
    stored = [str(row) for row in bare_desk.query("SELECT detail, subject FROM activity")]
    stored += [str(row) for row in bare_desk.query("SELECT settings, last_error FROM provider")]
    assert not any("9876" in text or SECRET in text for text in stored)


def test_short_secrets_show_nothing(bare_desk: Desk, providers: ProvidersService) -> None:
    bare_desk.add_provider("Main")
    providers.replace_secret("Main", "12345678901", actor="anna")

    assert providers.secret_state("Main").ending == ""


def test_without_a_keyring_the_person_chooses(bare_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    providers = bare_desk.application.providers
    monkeypatch.setattr(providers._secrets, "_environment", {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    assert (providers.keeping().where, providers.keeping().has_vault) == (Where.SESSION, False)
    with pytest.raises(SecretStoreError, match="was not saved"):
        providers.add(draft(bare_desk), None, default=False, actor="anna")
    assert providers.list_providers() == []

    providers.add(draft(bare_desk), None, default=False, actor="anna", session_only=True)
    assert providers.secret_state("Main").where is Where.SESSION
    with pytest.raises(InvalidInput):
        providers.open_vault("short")
    providers.open_vault("long enough")
    assert providers.keeping().where is Where.VAULT
    providers.add(draft(bare_desk, "Second"), None, default=False, actor="anna")
    assert providers.secret_state("Second").where is Where.VAULT
    with pytest.raises(SecretStoreError, match="passphrase is wrong"):
        providers.open_vault("another one")


def test_the_default_changes_and_its_costs_with_it(desk: Desk) -> None:
    providers = desk.application.providers
    desk.add_provider("Other")
    desk.import_costs("Other", {"DE": "0.09"})

    assert providers.set_default("Other", actor="berta") == "Main"

    assert {row.rate.country: row.rate.cost for row in desk.application.pricing.list_prices()}["DE"] == 90_000
    assert providers.set_default("Other", actor="berta") is None
    assert kinds(desk)[0] == "provider_default"


def test_a_paused_route_sends_nothing_until_it_is_resumed(desk: Desk) -> None:
    providers = desk.application.providers
    assert providers.pause("Main", "review", actor="anna")
    assert not providers.pause("Main", "again", actor="anna")
    desk.queue(german(2))
    desk.look_at_queue()
    assert desk.seen() == []
    assert providers.list_providers()[0].paused_reason == "review"

    assert providers.resume("Main", actor="anna")
    assert not providers.resume("Main", actor="anna")
    desk.drain()

    assert sorted(desk.seen()) == german(2)
    assert kinds(desk)[:2] == ["route_resumed", "route_paused"]


def test_a_provider_with_messages_cannot_be_removed(desk: Desk) -> None:
    providers = desk.application.providers
    desk.queue(german(1))

    plan = providers.plan_removal("Main")

    assert (plan.can_pause, "history" in plan.refusal) == (True, True)
    with pytest.raises(NotAllowed):
        providers.remove("Main", actor="anna")
    assert [one.name for one in providers.list_providers()] == ["Main"]


def test_the_default_of_several_cannot_be_removed(desk: Desk) -> None:
    desk.add_provider("Other")

    with pytest.raises(NotAllowed, match="default"):
        desk.application.providers.remove("Main", actor="anna")


def test_the_only_provider_goes_with_its_costs_its_numbers_and_its_secret(desk: Desk) -> None:
    providers = desk.application.providers
    desk.application.sender_ids.set_fallback_number("Main", "US", "+14155550100", actor="anna")
    plan = providers.plan_removal("Main")
    assert (set(plan.countries), plan.costs, plan.numbers) == ({"DE", "FR", "GB", "TR", "US"}, 5, 1)

    providers.remove("Main", actor="berta")

    assert providers.list_providers() == []
    assert {row.rate.cost for row in desk.application.pricing.list_prices()} == {None}
    assert desk.query("SELECT count(*) FROM provider_cost") == [(0,)]
    assert providers._secrets.where("provider/1") is None
    assert kinds(desk)[0] == "provider_removed"


def test_numbers_shown_instead_are_set_and_removed(desk: Desk) -> None:
    senders = desk.application.sender_ids
    assert senders.fallback_numbers("Main")["US"] is None
    senders.set_fallback_number("Main", "US", "+14155550100", actor="anna")
    assert senders.fallback_numbers("Main")["US"] == "+14155550100"

    senders.remove_fallback_number("Main", "US", actor="anna")
    senders.remove_fallback_number("Main", "US", actor="anna")

    assert senders.fallback_numbers("Main")["US"] is None
    assert kinds(desk)[:2] == ["fallback_number_removed", "fallback_number_set"]
