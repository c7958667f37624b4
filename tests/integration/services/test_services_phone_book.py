"""The phone books of clients: groups, contacts, fields, and what brings back what was taken out."""

import pytest

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.phone_book import Contact, field_name, merged
from tests.fixtures.application import Desk, german

LENA = Contact("+49 151 10000004", {"First name": " Lena ", "city": ""})


def test_contacts_are_stored_once_and_joined_to_their_group(desk: Desk) -> None:
    book = desk.application.phone_book
    group = book.add_group("Aurora", "  Winter ", actor="anna")
    other = book.add_group("Aurora", "All", actor="anna")

    assert book.save("Aurora", [LENA, Contact(german(1, 5)[0])], group.group_id, actor="anna") == 2
    assert book.save("Aurora", [Contact(german(1, 4)[0], {"city": "Ulm"})], other.group_id, actor="anna") == 0

    assert [(one.name, one.count) for one in book.groups("Aurora")] == [("All", 1), ("Winter", 2)]
    both = book.members([group.group_id, other.group_id])
    assert [(one.number, dict(one.fields)) for one in both] == [
        (german(1, 4)[0], {"city": "Ulm", "first_name": "Lena"}), (german(1, 5)[0], {}),
    ]  # fmt: skip
    assert book.members([]) == []


def test_what_is_no_contact_stores_nothing(desk: Desk) -> None:
    book = desk.application.phone_book
    group = book.add_group("Aurora", "Winter", actor="anna")
    for wrong in (Contact("+49123"), Contact(german(1)[0], {"note": "x" * 201})):
        with pytest.raises(InvalidInput):
            book.save("Aurora", [Contact(german(1, 7)[0]), wrong], group.group_id, actor="anna")
    for name in ("winter", " ", "x" * 121):
        with pytest.raises(InvalidInput):
            book.add_group("Aurora", name, actor="anna")
    desk.application.clients.add("Borealis", actor="anna")
    with pytest.raises(InvalidInput, match="another client"):
        book.save("Borealis", [Contact(german(1)[0])], group.group_id, actor="anna")

    assert (book.count("Aurora"), book.count("Borealis")) == (0, 0)
    assert [one.name for one in book.groups("Aurora")] == ["Winter"]


def test_contacts_are_found_page_by_page(desk: Desk) -> None:
    book = desk.application.phone_book
    group = book.add_group("Aurora", "Many", actor="anna")
    people = [Contact(number, {"first_name": f"Élodie {index}"}) for index, number in enumerate(german(450))]
    book.save("Aurora", people, group.group_id, actor="anna")

    numbers, after = [], 0
    while True:
        page = book.page("Aurora", group.group_id, after=after)
        numbers += [one.number for one in page.contacts]
        if page.following is None:
            break
        after = page.following

    assert numbers == german(450)
    assert book.count("Aurora", group.group_id, "lodie 12") == 11
    assert book.count("Aurora", None, german(1, 17)[0]) == 1
    assert [one.number for one in book.page("Aurora", None, "100%_").contacts] == []


def test_a_deleted_group_and_deleted_contacts_come_back(desk: Desk) -> None:
    book = desk.application.phone_book
    group = book.add_group("Aurora", "Winter", actor="anna")
    book.save("Aurora", [LENA, Contact(german(1, 5)[0])], group.group_id, actor="anna")

    taken = book.remove("Aurora", [german(1, 4)[0]], actor="anna")
    assert book.count("Aurora") == 1
    assert book.restore("Aurora", taken, actor="anna") == 1
    assert [(one.name, one.count) for one in book.groups("Aurora")] == [("Winter", 2)]

    gone = book.remove_group(group.group_id, actor="anna")
    assert (book.groups("Aurora"), book.count("Aurora")) == ([], 2)
    with pytest.raises(NotFound):
        book.rename_group(group.group_id, "Summer", actor="anna")
    back = book.restore_group("Aurora", gone, actor="anna")
    assert (back.name, back.count) == ("Winter", 2)
    assert book.leave(back.group_id, german(2, 4), actor="anna") == 2
    assert book.rename_group(back.group_id, "Summer", actor="anna") == "Winter"
    assert [(one.name, one.count) for one in book.groups("Aurora")] == [("Summer", 0)]


def test_a_contact_changes_its_number_and_keeps_its_groups(desk: Desk) -> None:
    book = desk.application.phone_book
    group = book.add_group("Aurora", "Winter", actor="anna")
    book.save("Aurora", [LENA, Contact(german(1, 5)[0])], group.group_id, actor="anna")

    before = book.change("Aurora", german(1, 4)[0], Contact(german(1, 9)[0], {"city": "Ulm"}), actor="anna")

    assert dict(before.fields) == {"first_name": "Lena"}
    assert {one.number: dict(one.fields) for one in book.members([group.group_id])} == {
        german(1, 9)[0]: {"city": "Ulm"}, german(1, 5)[0]: {},
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="already"):
        book.change("Aurora", german(1, 9)[0], Contact(german(1, 5)[0]), actor="anna")
    with pytest.raises(InvalidInput, match="no longer"):
        book.change("Aurora", german(1, 4)[0], Contact(german(1, 4)[0]), actor="anna")


@pytest.mark.parametrize(
    ("heading", "name"),
    [("First name", "first_name"), (" Şehir / City ", "şehir_city"), ("--", ""), ("x" * 60, "x" * 40)],
)
def test_headings_become_names_of_fields(heading: str, name: str) -> None:
    assert field_name(heading) == name


def test_the_same_number_twice_is_one_contact() -> None:
    one, two = Contact("+491", {"a": "1", "b": "1"}), Contact("+491", {"b": "2"})
    assert merged([one, two]) == {"+491": Contact("+491", {"a": "1", "b": "2"})}
