"""The states of the screen that are photographed."""

from functools import partial
from typing import Final

from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.draft_contents import Writing
from desktop_app.services.recipient_blocks import read_block
from desktop_app.views.screen import Shot
from desktop_app.views.screens.compose.composer import Composer

_TEXT: Final = (
    "Hi {first_name}, your winter offer is ready — 20% off all flights until 31 December. Book at aurora.example/w and use the"
    " code “SUN20”. Questions? Call +49 30 5550100. Stop: reply STOP"
)
_ODD: Final = "Katharina\t0151 555 01\nOffice\t+44 20 7946 0018\nKatharina\tkatharina@aurora"


def compose_shots(screen: Composer) -> tuple[Shot, ...]:
    """Return the states: empty, full, and the review."""
    return (
        Shot("", partial(_empty, screen), lambda: bool(screen.view.cost.note.text())),
        Shot("full", partial(_fill, screen), partial(_is_full, screen), partial(_empty, screen)),
        Shot("review", partial(_fill, screen), partial(_is_reviewed, screen), partial(_leave, screen)),
        Shot("short", partial(_fill, screen, 40), partial(_is_full, screen), partial(_empty, screen)),
    )


def _empty(screen: Composer) -> None:
    screen.show_writing(Writing(country="DE"), ())


def _fill(screen: Composer, times: int = 1) -> None:
    count = 260 * times
    rows = ["First name\tMobile"]
    rows += [f"Katharina\t+49 151 {23450000 + place}" for place in range(count)]
    rows += [f"Marie\t+43 664 {3450000 + place}" for place in range(80 * times)]
    rows += [f"Olivia\t+44 7400 {123000 + place}" for place in range(40)]
    rows += [f"Ava\t+1 201 555 {1000 + place}" for place in range(12)]
    rows += [f"Noor\t+966 50 {1230000 + place}" for place in range(8)]
    source = Source(SourceKind.FILE, "winter-loyalty.csv", read_block("\n".join([*rows, *rows[5:18], _ODD]), "DE"))
    screen.show_writing(Writing(client=screen.view.client.first_name, country="DE", text=_TEXT), (source,))


def _is_full(screen: Composer) -> bool:
    return screen.checked is not None and screen.checker.is_settled and screen.view.message.text == _TEXT


def _is_reviewed(screen: Composer) -> bool:
    return _is_full(screen) and screen.open_review() is not None


def _leave(screen: Composer) -> None:
    dialog = screen.open_review()
    if dialog is not None:
        dialog.close()
    _empty(screen)
