"""Fields of a message: where they stand, what stands in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.fields import LONGEST_VALUE, FieldText, clean_value, field_places

NAMES = st.sampled_from(["a", "first_name", "şehir", "ort2"])
PLAIN = st.text(st.characters(exclude_characters="{}"), max_size=20)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi {first_name}, {first_name}", ["first_name", "first_name"]),
        ("{şehir}{ort2}", ["şehir", "ort2"]),
        ("{} { a } {A} {SUN20} {2nd} {_a} {a-b} {{a}", ["a"]),
        ("{" + "a" * 40 + "}", ["a" * 40]),
        ("{" + "a" * 41 + "}", []),
        ("no field", []),
    ],
)
def test_a_field_is_a_name_in_braces(text: str, names: list[str]) -> None:
    places = field_places(text)
    assert [name for _start, _end, name in places] == names
    assert all(text[start:end] == f"{{{name}}}" for start, end, name in places)


@given(st.lists(st.tuples(PLAIN, NAMES)), PLAIN, st.dictionaries(NAMES, st.text(max_size=9)))
def test_every_field_is_filled_in_its_place_and_nothing_else_changes(
    parts: list[tuple[str, str]], end: str, values: dict[str, str]
) -> None:
    text = "".join(f"{before}{{{name}}}" for before, name in parts) + end
    filled = FieldText(text, {})
    assert set(filled.names) == {name for _before, name in parts}
    written = filled.write(filled.values(values))
    assert written == "".join(before + values.get(name, "") for before, name in parts) + end


@given(st.dictionaries(NAMES, st.text(max_size=9)), st.dictionaries(NAMES, st.text(max_size=9)))
def test_a_fallback_stands_only_where_a_value_is_missing(values: dict[str, str], fallbacks: dict[str, str]) -> None:
    filled = FieldText("{a}{first_name}{şehir}", fallbacks)
    found = filled.values(values)
    for name, value in zip(filled.names, found, strict=True):
        assert value == (values.get(name) or clean_value(fallbacks.get(name, "")))
    assert filled.missing(found) == [name for name, value in zip(filled.names, found, strict=True) if not value]


def test_values_are_one_line_without_controls_and_not_endless() -> None:
    assert clean_value(" Ada\r\n Lovelace\x00 ") == "Ada  Lovelace"
    assert len(clean_value("x" * 999)) == LONGEST_VALUE
    assert FieldText("{a}", {"a": " \n "}).missing([""]) == ["a"]
