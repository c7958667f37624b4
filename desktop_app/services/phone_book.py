"""The clients' phone books: who is in which group, and with which fields for a message."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.clients import clean_name
from desktop_app.domain.destinations import parse_recipient
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, tr
from desktop_app.domain.phone_book import Contact as Contact
from desktop_app.domain.phone_book import ContactGroup as ContactGroup
from desktop_app.domain.phone_book import clean_fields, merged
from desktop_app.services.clock import Clock
from desktop_app.storage.unit_of_work import Database, UnitOfWork

PAGE = 200


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Some contacts in the order they came in.

    Attributes:
        contacts: at most a page of them.
        following: where the next page begins, None after the last.
    """

    contacts: tuple[Contact, ...]
    following: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Contacts that were taken out: what brings them back.

    Attributes:
        contacts: as they were.
        places: (group id, number) of every group they were in.
    """

    contacts: tuple[Contact, ...]
    places: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class TakenGroup:
    """A group that was deleted: its name, and the numbers that were in it."""

    name: str
    numbers: tuple[str, ...]


class PhoneBookService:
    """Groups and contacts of the clients."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def groups(self, client: str) -> list[ContactGroup]:
        """Return the groups of a client by name.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return uow.phone_book.groups(uow.clients.get(client).client_id)

    def members(self, group_ids: Collection[int]) -> list[Contact]:
        """Return who is in any of the groups, each number once, in the order they came into the phone book."""
        with self._database.read() as uow:
            return uow.phone_book.members(group_ids)

    def page(self, client: str, group_id: int | None = None, find: str = "", after: int = 0) -> ContactPage:
        """Return contacts of a client, of one group or of all, that hold what is sought in number or fields."""
        with self._database.read() as uow:
            client_id = uow.clients.get(client).client_id
            rows = uow.phone_book.page(client_id, group_id, find, after, PAGE + 1)
        following = rows[PAGE - 1][0] if len(rows) > PAGE else None
        return ContactPage(tuple(contact for _, contact in rows[:PAGE]), following)

    def count(self, client: str, group_id: int | None = None, find: str = "") -> int:
        """Return how many contacts ``page`` gives in all."""
        with self._database.read() as uow:
            return uow.phone_book.count(uow.clients.get(client).client_id, group_id, find)

    def add_group(self, client: str, name: str, *, actor: str) -> ContactGroup:
        """Make an empty group.

        Raises:
            NotFound: no such client.
            InvalidInput: an unusable name, or one that is taken.
        """
        name = clean_name(name, later("group"))
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            group_id = uow.phone_book.add_group(owner.client_id, name, actor, self._clock())
            uow.activity.add(self._clock(), actor, "contact_group_added", owner.name, group=name)
            return ContactGroup(group_id, name, 0)

    def rename_group(self, group_id: int, name: str, *, actor: str) -> str:
        """Give a group another name and return the former one.

        Raises:
            NotFound: the group is gone.
            InvalidInput: an unusable name, or one that is taken.
        """
        name = clean_name(name, later("group"))
        with self._database.begin() as uow:
            owner = uow.clients.by_id(uow.phone_book.group_client(group_id))
            before = uow.phone_book.rename_group(group_id, name)
            uow.activity.add(
                self._clock(), actor, "contact_group_renamed", owner.name, **{"from": before, "to": name}
            )  # fmt: skip
            return before

    def remove_group(self, group_id: int, *, actor: str) -> TakenGroup:
        """Delete a group; its contacts stay in the phone book. Returns what ``restore_group`` takes.

        Raises:
            NotFound: the group is gone.
        """
        with self._database.begin() as uow:
            owner = uow.clients.by_id(uow.phone_book.group_client(group_id))
            name = next(one.name for one in uow.phone_book.groups(owner.client_id) if one.group_id == group_id)
            numbers = tuple(one.number for one in uow.phone_book.members([group_id]))
            uow.phone_book.remove_group(group_id)
            uow.activity.add(
                self._clock(), actor, "contact_group_removed", owner.name, group=name, contacts=len(numbers)
            )
            return TakenGroup(name, numbers)

    def restore_group(self, client: str, taken: TakenGroup, *, actor: str) -> ContactGroup:
        """Make a deleted group again with those of its contacts that are still there."""
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            group_id = uow.phone_book.add_group(owner.client_id, taken.name, actor, self._clock())
            count = uow.phone_book.join(owner.client_id, group_id, taken.numbers)
            uow.activity.add(self._clock(), actor, "contact_group_added", owner.name, group=taken.name, contacts=count)
            return ContactGroup(group_id, taken.name, count)

    def save(self, client: str, contacts: Sequence[Contact], group_id: int | None = None, *, actor: str) -> int:
        """Store contacts, each in a group if one is given; fields of a known number are added to those it has.

        Returns:
            How many numbers are new in the phone book.

        Raises:
            NotFound: no such client, or the group is gone.
            InvalidInput: a number that cannot receive SMS, or a field that cannot be stored; nothing was stored.
        """
        given = merged(Contact(parse_recipient(one.number).e164, clean_fields(one.fields)) for one in contacts)
        if not given:
            raise InvalidInput(tr("There is no contact to store."))
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            return store_contacts(uow, owner.client_id, owner.name, given, group_id, at=self._clock(), actor=actor)

    def change(self, client: str, before: str, after: Contact, *, actor: str) -> Contact:
        """Give the contact with the number ``before`` another number or other fields; return it as it was.

        Raises:
            InvalidInput: a number that cannot receive SMS or is another contact's, a field that cannot be stored, or no such
                contact.
        """
        after = Contact(parse_recipient(after.number).e164, clean_fields(after.fields))
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            known = uow.phone_book.known(owner.client_id, [before, after.number])
            if before not in known:
                raise InvalidInput(tr("{number} is no longer in the phone book.", number=before))
            if after.number != before and after.number in known:
                raise InvalidInput(
                    tr("{number} is in the phone book already.", number=after.number), fields={"number": after.number}
                )
            places = [group_id for group_id, _ in uow.phone_book.groups_of(owner.client_id, [before])]
            if after.number != before:
                uow.phone_book.remove(owner.client_id, [before])
            uow.phone_book.store(owner.client_id, [after])
            for group_id in places:
                uow.phone_book.join(owner.client_id, group_id, [after.number])
            uow.activity.add(self._clock(), actor, "contact_changed", owner.name, count=1)
            return known[before]

    def leave(self, group_id: int, numbers: Collection[str], *, actor: str) -> int:
        """Take contacts out of a group; they stay in the phone book. Returns how many were in it."""
        with self._database.begin() as uow:
            owner = uow.clients.by_id(uow.phone_book.group_client(group_id))
            count = uow.phone_book.leave(group_id, numbers)
            uow.activity.add(self._clock(), actor, "contacts_left_group", owner.name, count=count)
            return count

    def remove(self, client: str, numbers: Collection[str], *, actor: str) -> Taken:
        """Delete contacts, in every group. Returns what ``restore`` takes.

        Raises:
            NotFound: no such client.
        """
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            known = uow.phone_book.known(owner.client_id, numbers)
            taken = Taken(tuple(known.values()), tuple(uow.phone_book.groups_of(owner.client_id, list(known))))
            uow.phone_book.remove(owner.client_id, list(known))
            uow.activity.add(self._clock(), actor, "contacts_removed", owner.name, count=len(known))
            return taken

    def restore(self, client: str, taken: Taken, *, actor: str) -> int:
        """Bring deleted contacts back into the groups that are still there; return how many there are."""
        with self._database.begin() as uow:
            owner = uow.clients.get(client)
            uow.phone_book.store(owner.client_id, taken.contacts)
            present = {group.group_id for group in uow.phone_book.groups(owner.client_id)}
            for group_id in sorted({group_id for group_id, _ in taken.places} & present):
                inside = [number for place, number in taken.places if place == group_id]
                uow.phone_book.join(owner.client_id, group_id, inside)
            uow.activity.add(self._clock(), actor, "contacts_added", owner.name, count=len(taken.contacts))
            return len(taken.contacts)


def store_contacts(
    uow: UnitOfWork, client_id: int, client: str, contacts: dict[str, Contact], group_id: int | None, *, at: datetime,
    actor: str,
) -> int:  # fmt: skip
    """Store clean contacts by number within the transaction, in a group if one is given; return how many are new."""
    known = uow.phone_book.known(client_id, list(contacts))
    uow.phone_book.store(
        client_id,
        (
            Contact(number, {**known[number].fields, **one.fields}) if number in known else one
            for number, one in contacts.items()
        ),
    )
    if group_id is not None:
        if uow.phone_book.group_client(group_id) != client_id:
            raise InvalidInput(tr("This group belongs to another client."))
        uow.phone_book.join(client_id, group_id, list(contacts))
    added = len(contacts) - len(known)
    uow.activity.add(at, actor, "contacts_added", client, count=len(contacts), new=added)
    return added
