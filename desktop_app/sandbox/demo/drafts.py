"""What the people of the demo are writing just now."""

from typing import Final

from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import number_of
from desktop_app.sandbox.demo.office import DENIZ, SOFIA, Office
from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.draft_contents import Writing, lists_json, name_of
from desktop_app.services.drafts import DraftState
from desktop_app.services.recipient_blocks import Entries

_NAMES: Final = ("Lena", "Jonas", "Katharina", "Emre", "Mia")
_FIRST: Final = 610_000
_GUESTS: Final = 84


def write_drafts(office: Office) -> None:
    """Leave two drafts behind: a list with names, and a few numbers."""
    numbers = tuple(number_of("DE" if place % 3 else "AT", _FIRST + 10 * place) for place in range(_GUESTS))
    fields = tuple({"first_name": _NAMES[place % len(_NAMES)]} for place in range(_GUESTS))
    guests = Source(SourceKind.FILE, "guests-december.csv", Entries(numbers, tuple(range(2, _GUESTS + 2)), fields))
    _save(
        office, DENIZ, (guests,),
        Writing(clients.AURORA, "AURORA", "", "DE", "Hi {first_name}, check-in for your winter trip opens tomorrow at 08:00."),
    )  # fmt: skip
    typed = "\n".join(number_of("TR", _FIRST + 10 * place) for place in range(6))
    _save(office, SOFIA, (), Writing(clients.MEDIPLUS, "MEDIPLUS", typed, "TR", "Randevunuz yarın saat 10:30'da."))


def _save(office: Office, actor: str, lists: tuple[Source, ...], writing: Writing) -> None:
    count = sum(len(one.entries.texts) for one in lists) + len(writing.typed.split())
    state = DraftState(name_of(writing, lists), writing.client, writing.json(), lists_json(lists), count)
    office.drafts.save(None, state, actor=actor)
