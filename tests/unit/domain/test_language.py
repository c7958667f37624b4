"""The seam of translation."""

from collections.abc import Iterator

import pytest

from desktop_app.domain.language import install_translator, tr


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
