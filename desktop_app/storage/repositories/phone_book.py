"""Contacts, their groups, and who is in which."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from desktop_app.domain.clients import name_key
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.phone_book import Contact, ContactGroup
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.lists import among, among_texts
from desktop_app.storage.models.phone_book import contact, contact_group, contact_member

_ADD: Final = BulkStatement(
    insert_or_nothing(contact)
    .values(client_id=bindparam("client"), number=bindparam("num"), fields=bindparam("texts"))
    .on_conflict_do_update(index_elements=["client_id", "number"], set_={"fields": bindparam("again")}),
    ("client", "num", "texts", "again"),
)
_JOIN: Final = BulkStatement(
    insert_or_nothing(contact_member)
    .values(group_id=bindparam("into"), contact_id=bindparam("who"))
    .on_conflict_do_nothing(),
    ("into", "who"),
)


class PhoneBookRepository:
    """The phone books of all clients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def groups(self, client_id: int) -> list[ContactGroup]:
        """Return the client's groups by name, with how many are in each."""
        count = (
            select(func.count())
            .where(contact_member.c.group_id == contact_group.c.id)
            .correlate(contact_group)
            .scalar_subquery()
        )
        statement = select(contact_group.c.id, contact_group.c.name, count).where(
            contact_group.c.client_id == client_id
        )
        rows = self._connection.execute(statement.order_by(contact_group.c.name_key))
        return [ContactGroup(*row) for row in rows]

    def group_client(self, group_id: int) -> int:
        """Return whose group it is.

        Raises:
            NotFound: there is no such group any more.
        """
        found = self._connection.scalar(select(contact_group.c.client_id).where(contact_group.c.id == group_id))
        if found is None:
            raise NotFound(tr("This group is no longer there."))
        return int(found)

    def add_group(self, client_id: int, name: str, actor: str, at: datetime) -> int:
        """Store a group and return its id.

        Raises:
            InvalidInput: the client has a group of that name.
        """
        self._require_free(client_id, name)
        statement = insert(contact_group).values(
            client_id=client_id, name=name, name_key=name_key(name), created_at=at, created_by=actor
        )
        return int(self._connection.execute(statement.returning(contact_group.c.id)).scalar_one())

    def rename_group(self, group_id: int, name: str) -> str:
        """Give a group another name and return the former one.

        Raises:
            NotFound: there is no such group any more.
            InvalidInput: the client has another group of that name.
        """
        self._require_free(self.group_client(group_id), name, but=group_id)
        before: str = self._connection.execute(
            select(contact_group.c.name).where(contact_group.c.id == group_id)
        ).scalar_one()
        here = update(contact_group).where(contact_group.c.id == group_id)
        self._connection.execute(here.values(name=name, name_key=name_key(name)))
        return before

    def remove_group(self, group_id: int) -> None:
        """Forget a group; its contacts stay in the phone book."""
        self._connection.execute(delete(contact_member).where(contact_member.c.group_id == group_id))
        self._connection.execute(delete(contact_group).where(contact_group.c.id == group_id))

    def members(self, group_ids: Collection[int]) -> list[Contact]:
        """Return who is in any of the groups, each once, in the order they came in."""
        inside = select(contact_member.c.contact_id).where(among(contact_member.c.group_id, group_ids))
        rows = self._connection.execute(
            select(contact.c.number, contact.c.fields).where(contact.c.id.in_(inside)).order_by(contact.c.id)
        )
        return [_contact(number, fields) for number, fields in rows]

    def page(
        self, client_id: int, group_id: int | None, find: str, after: int, limit: int
    ) -> list[tuple[int, Contact]]:
        """Return (id, contact) of those that match, in the order they came in, behind the id ``after``."""
        statement = select(contact.c.id, contact.c.number, contact.c.fields).where(
            *self._matching(client_id, group_id, find), contact.c.id > after
        )
        rows = self._connection.execute(statement.order_by(contact.c.id).limit(limit))
        return [(contact_id, _contact(number, fields)) for contact_id, number, fields in rows]

    def count(self, client_id: int, group_id: int | None, find: str) -> int:
        """Return how many contacts match."""
        statement = select(func.count()).select_from(contact).where(*self._matching(client_id, group_id, find))
        return int(self._connection.execute(statement).scalar_one())

    def known(self, client_id: int, numbers: Collection[str]) -> dict[str, Contact]:
        """Return those of the numbers that are contacts of the client, by number."""
        statement = select(contact.c.number, contact.c.fields).where(
            contact.c.client_id == client_id, among_texts(contact.c.number, numbers)
        )
        return {number: _contact(number, fields) for number, fields in self._connection.execute(statement)}

    def store(self, client_id: int, contacts: Iterable[Contact]) -> None:
        """Store contacts; one that is known gets these fields instead of its own."""
        rows = []
        for one in contacts:
            fields = _fields_text(one.fields)
            rows.append((client_id, one.number, fields, fields))
        _ADD.run(self._connection, rows)

    def join(self, client_id: int, group_id: int, numbers: Collection[str]) -> int:
        """Put contacts into a group and return how many were not in it."""
        statement = select(contact.c.id).where(contact.c.client_id == client_id, among_texts(contact.c.number, numbers))
        inside = select(contact_member.c.contact_id).where(contact_member.c.group_id == group_id)
        new = self._connection.scalars(statement.where(contact.c.id.not_in(inside)).order_by(contact.c.id))
        rows = [(group_id, contact_id) for contact_id in new]
        _JOIN.run(self._connection, rows)
        return len(rows)

    def leave(self, group_id: int, numbers: Collection[str]) -> int:
        """Take contacts out of a group and return how many were in it."""
        who = select(contact.c.id).where(
            contact.c.client_id == self.group_client(group_id), among_texts(contact.c.number, numbers)
        )
        statement = delete(contact_member).where(
            contact_member.c.group_id == group_id, contact_member.c.contact_id.in_(who)
        )
        return self._connection.execute(statement).rowcount

    def remove(self, client_id: int, numbers: Collection[str]) -> int:
        """Forget contacts, in every group, and return how many there were."""
        who = select(contact.c.id).where(contact.c.client_id == client_id, among_texts(contact.c.number, numbers))
        self._connection.execute(delete(contact_member).where(contact_member.c.contact_id.in_(who)))
        mine = (contact.c.client_id == client_id, among_texts(contact.c.number, numbers))
        return self._connection.execute(delete(contact).where(*mine)).rowcount

    def groups_of(self, client_id: int, numbers: Collection[str]) -> list[tuple[int, str]]:
        """Return (group id, number) of every place these contacts are in."""
        statement = (
            select(contact_member.c.group_id, contact.c.number)
            .join(contact, contact.c.id == contact_member.c.contact_id)
            .where(contact.c.client_id == client_id, among_texts(contact.c.number, numbers))
        )
        return [(group_id, number) for group_id, number in self._connection.execute(statement)]

    def _require_free(self, client_id: int, name: str, but: int | None = None) -> None:
        mine = (contact_group.c.client_id == client_id, contact_group.c.name_key == name_key(name))
        found = self._connection.scalar(select(contact_group.c.id).where(*mine))
        if found is not None and found != but:
            raise InvalidInput(tr("There is already a group named “{name}”.", name=name), fields={"name": name})

    @staticmethod
    def _matching(client_id: int, group_id: int | None, find: str) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [contact.c.client_id == client_id]
        if group_id is not None:
            inside = select(contact_member.c.contact_id).where(contact_member.c.group_id == group_id)
            conditions.append(contact.c.id.in_(inside))
        if find.strip():
            typed = find.strip()
            conditions.append(
                or_(
                    contact.c.number.contains(typed.replace(" ", ""), autoescape=True),
                    func.lower(contact.c.fields).contains(typed.lower(), autoescape=True),
                )
            )
        return conditions


def _fields_text(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)


def _contact(number: str, fields: str) -> Contact:
    return Contact(number, json.loads(fields))
