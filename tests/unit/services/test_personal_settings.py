"""The choices of one person: kept in a small file, whatever happens to it."""

import json
from pathlib import Path

import pytest

from desktop_app.config import PERSONAL_FILE, load_settings
from desktop_app.domain.errors import Cancelled
from desktop_app.services.job import Job
from desktop_app.services.personal import Personal, PersonalFile, PersonalSettings


def test_a_choice_is_there_next_time(tmp_path: Path) -> None:
    PersonalSettings(tmp_path).change(theme="dark", text_size=150)

    values = PersonalSettings(tmp_path).values
    assert (values.theme, values.text_size, values.density) == ("dark", 150, "default")
    assert [path.name for path in tmp_path.iterdir()] == [PERSONAL_FILE]


def test_change_returns_what_was_before_and_tells_who_watches(tmp_path: Path) -> None:
    personal, seen = PersonalSettings(tmp_path), list[tuple[str, str]]()
    end = personal.watch(lambda before, after: seen.append((before.language, after.language)))

    assert personal.change(language="de").language == "en"
    personal.change(language="de")
    end()
    personal.change(language="tr")

    assert seen == [("en", "de")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("text_size", 89), ("text_size", 161), ("text_size", True), ("density", ""), ("language", "fr"),
     ("letter_keys", 1), ("remembered", []), ("remembered", {"x": 1})],
)  # fmt: skip
def test_what_the_window_does_not_offer_is_refused(tmp_path: Path, name: str, value: object) -> None:
    personal = PersonalSettings(tmp_path)

    with pytest.raises((ValueError, AttributeError)):
        personal.change(**{name: value})

    assert personal.values == Personal()


@pytest.mark.usefixtures("expected_log")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_broken_file_is_set_aside_and_the_defaults_hold(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PERSONAL_FILE).write_bytes(content)

    personal = PersonalSettings(tmp_path, "de")

    assert personal.values == Personal(language="de")
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith("personal-broken-")
    assert aside.read_bytes() == content


def test_one_unknown_choice_does_not_cost_the_others(tmp_path: Path) -> None:
    stored = {"theme": "dark", "density": "airy", "future": 1, "text_size": "big", "language": "tr"}
    (tmp_path / PERSONAL_FILE).write_text(json.dumps(stored))

    values = PersonalSettings(tmp_path).values

    assert (values.theme, values.density, values.text_size, values.language) == ("dark", "default", 100, "tr")


def test_what_a_part_of_the_window_remembers_comes_back(tmp_path: Path) -> None:
    PersonalSettings(tmp_path).remember("export", {"format": "xlsx", "columns": ["price"]})

    again = PersonalSettings(tmp_path)
    assert dict(again.recall("export")) == {"format": "xlsx", "columns": ["price"]}
    assert dict(again.recall("nothing")) == {}


@pytest.mark.usefixtures("expected_log")
def test_a_folder_that_cannot_be_written_is_said_and_the_choice_holds(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    personal = PersonalSettings(folder)

    personal.change(theme="dark")

    assert personal.values.theme == "dark"
    assert str(folder / PERSONAL_FILE) in personal.problem


@pytest.mark.parametrize(
    ("given", "chosen", "stored", "language"),
    [
        ("tr", "de", "en", "tr"),
        ("", "de", "tr", "de"),
        (None, None, "tr", "tr"),
        ("de_AT.UTF-8", None, None, "de"),
        ("xx", "yy", "zz", "en"),
        (None, None, None, "en"),
    ],
)
def test_the_environment_then_the_person_then_the_file_choose_the_language(
    tmp_path: Path, given: str | None, chosen: str | None, stored: str | None, language: str
) -> None:
    if chosen is not None:
        (tmp_path / PERSONAL_FILE).write_text(json.dumps({"language": chosen}))
    if stored is not None:
        (tmp_path / "config.toml").write_text(f'language = "{stored}"')
    environment = {} if given is None else {"SMS_DESK_LANGUAGE": given}

    assert load_settings(environment, profile=tmp_path, actor="anna").language == language


def test_what_is_large_has_a_file_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    kept = PersonalFile(tmp_path, "draft")
    assert kept.read() == {}

    kept.write({"rows": [1, 2]}, Job())

    assert PersonalFile(tmp_path, "draft").read() == {"rows": [1, 2]}
    assert [path.name for path in tmp_path.iterdir()] == ["draft.json"]
    kept.remove()
    assert (kept.read(), list(tmp_path.iterdir())) == ({}, [])


def test_what_was_overtaken_is_not_written(tmp_path: Path) -> None:
    kept, older = PersonalFile(tmp_path, "draft"), Job()
    kept.write({"rows": [2]}, Job())
    older.cancel()

    with pytest.raises(Cancelled):
        kept.write({"rows": [1]}, older)

    assert kept.read() == {"rows": [2]}


@pytest.mark.parametrize("text", ["", "{", "[1]", "\udcff"])
def test_a_file_that_says_nothing_is_no_draft(tmp_path: Path, text: str) -> None:
    (tmp_path / "draft.json").write_bytes(text.encode("utf-8", "surrogateescape"))

    assert PersonalFile(tmp_path, "draft").read() == {}
