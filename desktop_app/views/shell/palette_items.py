"""What the palette lists for a text: commands, screens, records and filled-in edits, best first, by groups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.views.commands import Command, Commands, Offer, menu_title
from desktop_app.views.shell.matching import Rank, rank
from desktop_app.views.shell.places import Place, section_title

MOST: Final = 9
RECENT: Final = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the palette.

    Attributes:
        key: what is remembered when it was chosen.
        group: the heading that it stands under.
        text: its name.
        context: what it is, in grey.
        icon: a name in resources/icons, or "flag:" and an ISO code.
        keys: its shortcut as portable text.
        address: where choosing it goes, "" for a command.
        command: the command that choosing it runs, None for an address.
        place: how well it was found.
        run: what choosing it does, where that is neither a command nor an address.
    """

    key: str
    group: str
    text: str
    context: str
    icon: str
    keys: str = ""
    address: str = ""
    command: Command | None = None
    place: Rank = Rank.WORDS
    run: Callable[[], object] | None = None


def find_items(typed: str, commands: Commands, places: Sequence[Place], recent: Sequence[str]) -> list[Item]:
    """Return the rows for ``typed``, each group together and the group of the best one first.

    Args:
        typed: what the person typed, "" for nothing yet.
        commands: what can be run, and who offers more.
        places: the screens.
        recent: keys of what was chosen lately, the latest first.
    """
    found = [
        item
        for item in (*_commands(commands, typed, recent), *_places(places, typed, recent), *_offers(commands, typed, recent))
        if typed.strip() or item.place is Rank.RECENT or item.command is not None
    ]  # fmt: skip
    found.sort(key=lambda item: (item.place, recent.index(item.key) if item.key in recent else len(recent)))
    best = found[:MOST]
    groups = list(dict.fromkeys(item.group for item in best))
    return sorted(best, key=lambda item: groups.index(item.group))


def _commands(commands: Commands, typed: str, recent: Sequence[str]) -> Iterable[Item]:
    for command in commands.all():
        action = command.action
        place = rank(typed, name := plain_text(action.text()), command.words, is_recent=command.name in recent)
        # Going to a screen is listed with the screens.
        if place is None or not action.isEnabled() or command.name.startswith("go."):
            continue
        context = plain_text(menu_title(command.menu)) if command.menu is not None else ""
        keys = action.shortcut().toString()
        yield Item(command.name, tr("Actions"), name, context, command.icon, keys, command=command, place=place)


def _places(places: Sequence[Place], typed: str, recent: Sequence[str]) -> Iterable[Item]:
    for one in places:
        found = rank(typed, one.title, is_recent=one.name in recent)
        if found is not None:
            context = section_title(one.section)
            yield Item(one.name, tr("Go to"), one.title, context, one.icon, one.keys, one.name, place=found)


def _offers(commands: Commands, typed: str, recent: Sequence[str]) -> Iterable[Item]:
    for offer in commands.offers(typed):
        found = Rank.EXACT if offer.exact else rank(typed, offer.text, offer.words, is_recent=offer.address in recent)
        if found is not None:
            yield _offered(offer, found)


def _offered(offer: Offer, found: Rank) -> Item:
    group = tr("Actions") if offer.exact else tr("Records")
    return Item(offer.address, group, offer.text, offer.context, offer.icon, address=offer.address, place=found)


def actions_of(item: Item, commands: Commands, copy: Callable[[str], object]) -> list[Item]:
    """Return what can be done with a row of the palette, the usual first; ``copy`` takes the address of a link."""
    usual = tr("Run") if item.command is not None else tr("Open")
    found = [replace(item, group=item.text, text=usual, context="")]
    scope = item.command.scope if item.command is not None else None
    if scope is not None:
        show = partial(commands.wanted.emit, scope)
        found.append(Item("", item.text, tr("Show where it works"), "", "arrow-right", run=show))
    if item.address:
        more = (replace(_offered(offer, Rank.EXACT), group=item.text) for offer in commands.more(item.address))
        copying = partial(copy, item.address)
        found += [*more, Item("", item.text, tr("Copy link"), "", "link", run=copying)]
    return found


def plain_text(text: str) -> str:
    """Return a menu text without the marks of its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
