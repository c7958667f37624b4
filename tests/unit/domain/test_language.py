"""The seam of translation."""

from collections.abc import Callable, Iterator

import pytest

from desktop_app.domain.language import (
    in_language,
    install_translator,
    language_in_force,
    language_of,
    later,
    listen,
    say,
    tr,
    trn,
)


@pytest.fixture
def _plain_english() -> Iterator[None]:
    yield
    install_translator(str)


def test_without_a_translator_the_source_is_shown() -> None:
    assert tr("Stopped.") == "Stopped."
    assert tr("{name} is short.", name="Acme") == "Acme is short."


def test_values_are_text_and_never_patterns() -> None:
    assert tr("{text} is no price.", text="{0.__class__} {name}") == "{0.__class__} {name} is no price."
    assert tr("{a}{b}", a="{b}", b=1) == "{b}1"


def test_braces_count_only_where_there_are_values() -> None:
    assert tr("Write {name} in braces.") == "Write {name} in braces."
    assert tr("Write {{name}}, not {name}.", name="Acme") == "Write {name}, not Acme."


def test_a_missing_value_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError):
        tr("{name} owes {amount}.", name="Acme")


@pytest.mark.usefixtures("_plain_english")
def test_the_translation_may_place_the_values_anywhere() -> None:
    turkish = {"{name} is {amount} short.": "{amount} eksik: {name}"}
    install_translator(lambda source: turkish.get(source, source))
    assert tr("{name} is {amount} short.", name="Acme", amount="1.00") == "1.00 eksik: Acme"
    assert tr("Stopped.") == "Stopped."


@pytest.mark.usefixtures("_plain_english")
def test_the_last_translator_is_in_force() -> None:
    install_translator(str.upper)
    install_translator(str.lower)
    assert tr("Stopped.") == "stopped."


@pytest.mark.usefixtures("_plain_english")
def test_a_count_takes_its_form_and_the_marks_of_the_language() -> None:
    assert trn("{count} price", "{count} prices", 1) == "1 price"
    assert trn("{count:,} price", "{count:,} prices", 1300) == "1,300 prices"
    assert tr("{done:,} of {total:,}", done=1, total=2000) == "1 of 2,000"

    install_translator(str, lambda one, many, count: f"{one} / {many}", "de")

    assert trn("{count:,} price", "{count:,} prices", 1300) == "1.300 price / 1.300 prices"
    assert trn("{count} price", "{count} prices", 2, count="zwei") == "zwei price / zwei prices"
    assert in_language("1,234.56") == "1.234,56"
    assert language_in_force() == "de"


@pytest.mark.usefixtures("_plain_english")
def test_who_listens_hears_what_says_it_again() -> None:
    first, second = dict[str, Callable[[], str]](), dict[str, Callable[[], str]]()
    end_first = listen(first.__setitem__)
    tr("Stopped.")
    end_second = listen(second.__setitem__)
    end_first()
    tr("{name} is short.", name="Acme")
    end_second()
    tr("Nobody hears this.")

    assert (list(first), list(second)) == (["Stopped."], ["Acme is short."])
    install_translator(lambda source: source.replace("is short", "ist knapp"), language="de")
    assert second["Acme is short."]() == "Acme ist knapp."


@pytest.mark.parametrize(
    ("text", "language"),
    [("de", "de"), ("de_AT.UTF-8", "de"), ("TR", "tr"), ("en-GB", "en"), ("fr", None), ("", None), ("deutsch", None)],
)
def test_a_language_is_known_by_its_code(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.usefixtures("_plain_english")
def test_a_marked_text_is_said_when_it_is_shown() -> None:
    marked = later("a program")
    assert marked == "a program"
    install_translator(str.upper)
    assert say(marked) == "A PROGRAM"
