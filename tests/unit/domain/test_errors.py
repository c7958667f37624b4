"""The errors a person can meet: a sentence for them, a word for programs."""

import inspect
import re

import pytest

from desktop_app.domain import errors
from desktop_app.domain.errors import AppError, InvalidInput, ProviderAuthError, ProviderError

ALL = [kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AppError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_carries_its_sentence_and_its_word(kind: type[AppError]) -> None:
    error = kind("Something happened.")
    assert (error.user_message, str(error)) == ("Something happened.", "Something happened.")
    assert error.code == kind.code


def test_the_tree_in_the_module_names_them_all() -> None:
    drawn = dict(re.findall(r"[├└]── (\w+) +(\w+)", errors.__doc__ or ""))
    assert drawn == {kind.__name__: kind.code for kind in ALL if kind is not AppError}


def test_no_two_errors_share_a_word() -> None:
    assert len({kind.code for kind in ALL}) == len(ALL)


def test_a_word_of_its_own_belongs_to_one_error_only() -> None:
    assert InvalidInput("No.", code="below_cost").code == "below_cost"
    assert InvalidInput("No.").code == "invalid_input"


def test_culprits_are_named() -> None:
    fields = {"price": "Too low."}
    error = InvalidInput("Look again.", fields=fields)
    fields["price"] = "changed"
    assert error.fields == {"price": "Too low."}
    assert InvalidInput("Look again.").fields == {}


def test_only_a_failure_of_the_provider_may_be_worth_another_try() -> None:
    assert ProviderError("Busy.", retryable=True).retryable
    assert not ProviderAuthError("Wrong key.").retryable
    assert issubclass(ProviderAuthError, ProviderError)
