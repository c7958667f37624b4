"""Numbers from files that people have."""

from pathlib import Path

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.services.recipient_files import read_numbers

NUMBERS = ["+4915112345678", "+905321234560"]


@pytest.mark.parametrize(
    "content",
    ["{0}\n{1}\n", "{0}\r\n{1}", "{0};{1}", "{0},{1},", "{0}\t{1}", "\n\n {0} \n\n\t{1}\n;;", "\ufeff{0}\r{1}"],
)
def test_a_text_file_has_them_in_lines_or_between_marks(tmp_path: Path, content: str) -> None:
    path = tmp_path / "numbers.txt"
    path.write_bytes(content.format(*NUMBERS).encode())
    assert read_numbers(path) == NUMBERS


def test_spaces_within_a_number_stay(tmp_path: Path) -> None:
    path = tmp_path / "numbers"
    path.write_text("+49 151 123 456 78\n(0049) 151-1", "utf-8")
    assert read_numbers(path) == ["+49 151 123 456 78", "(0049) 151-1"]


@pytest.mark.parametrize("title", ["Phone", " MSISDN ", "Telefon Numarası", "Rufnummer", "TO"])
def test_of_a_table_the_column_named_like_a_number_counts(tmp_path: Path, title: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"name,{title}\nAnna,{NUMBERS[0]}\nBert,{NUMBERS[1]}\nCarla,\n", "utf-8")
    assert read_numbers(path) == NUMBERS


def test_a_table_without_titles_begins_with_a_number(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(NUMBERS) + "\n", "utf-8")
    assert read_numbers(path) == NUMBERS


def test_a_table_without_such_a_title_gives_its_first_column(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"contact,name\n{NUMBERS[0]},Anna\n", "utf-8")
    assert read_numbers(path) == NUMBERS[:1]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe+\x004\x009\x00")
    for path, part in ((tmp_path / "missing.txt", "missing.txt"), (tmp_path, str(tmp_path)), (binary, "UTF-8")):
        with pytest.raises(InvalidInput) as caught:
            read_numbers(path)
        assert part in caught.value.user_message


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    with pytest.raises(InvalidInput, match="50 MB"):
        read_numbers(path)
