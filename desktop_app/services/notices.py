"""What is told by itself when it begins to need a person: on screen, by mail to the team, or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.mails import checked_address
from desktop_app.services.attention import AttentionItem, AttentionKind
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.overview import OverviewService
from desktop_app.storage.unit_of_work import Database, UnitOfWork

# Says an item to a person: its title and a line more.
Say = Callable[[AttentionItem], tuple[str, str]]
_CHOICE: Final = "notice.{}.{}"
_TOLD: Final = "notice.told.{}"
_RECEIVER: Final = "notice.to"


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """What the team chose.

    Attributes:
        to: the address that notices go to, "" for none.
        on_screen: what is told under the bell.
        by_mail: what is told by mail.
    """

    to: str = ""
    on_screen: frozenset[AttentionKind] = frozenset(AttentionKind)
    by_mail: frozenset[AttentionKind] = frozenset()


class NoticesService:
    """Looks now and then; what is new since the last look is told once."""

    def __init__(self, database: Database, overview: OverviewService, clock: Clock) -> None:
        self._database, self._overview, self._clock = database, overview, clock
        self._seen: dict[AttentionKind, int] | None = None

    def read(self) -> NoticeSettings:
        """Return what the team chose."""
        with self._database.read() as uow:
            return _settings(uow)

    def change(self, *, actor: str, to: str | None = None, choices: Mapping[tuple[str, AttentionKind], bool]) -> None:
        """Change the receiver, and how kinds are told: ("screen" or "mail", kind) -> whether.

        Raises:
            InvalidInput: the receiver is no address.
        """
        with self._database.begin() as uow:
            before = _settings(uow)
            if to is not None and to.strip() != before.to:
                receiver = _receiver(to)
                uow.settings.set(_RECEIVER, receiver)
                uow.activity.add(
                    self._clock(), actor, "setting_changed", "notices_to", before=before.to, after=receiver
                )
            for (way, kind), on in choices.items():
                uow.settings.set(_CHOICE.format(way, kind.value), "on" if on else "off")
                uow.activity.add(
                    self._clock(), actor, "setting_changed", f"notice_{kind.value}_{way}", after="on" if on else "off"
                )

    def look(self, say: Say, job: Job, *, may_mail: bool) -> tuple[AttentionItem, ...]:
        """Return what is new and to be told on screen, and queue the mails about what is new for the team.

        Args:
            say: makes the texts.
            job: cancels it.
            may_mail: whether mails are queued.

        Raises:
            Cancelled: the person stopped it.
            StorageUnavailable: the database does not answer.
        """
        items = self._overview.attention(job)
        if may_mail:
            self._mail(items, say)
        counts = {kind: sum(_count(one) for one in items if one.kind is kind) for kind in AttentionKind}
        # What was there at the first look stands on the screen that is shown first.
        before, self._seen = self._seen if self._seen is not None else counts, counts
        chosen = self.read().on_screen
        return tuple(one for one in items if one.kind in chosen and counts[one.kind] > before[one.kind])

    def _mail(self, items: tuple[AttentionItem, ...], say: Say) -> None:
        now = self._clock()
        with self._database.begin() as uow:
            chosen = _settings(uow)
            for kind in AttentionKind:
                mine = [one for one in items if one.kind is kind]
                count, name = sum(map(_count, mine)), _TOLD.format(kind.value)
                before = int(uow.settings.get(name, "0") or 0)
                if count == before:
                    continue
                uow.settings.set(name, str(count))
                # About mail that does not leave no mail can tell.
                if count > before and kind in chosen.by_mail and chosen.to and kind is not AttentionKind.MAIL:
                    titles = [say(one) for one in mine]
                    text = "\n".join(f"{title}\n{detail}\n" for title, detail in titles)
                    key = f"notice/{kind.value}/{now:%Y-%m-%d}/{count}"
                    uow.mails.queue(key, chosen.to, titles[0][0], text, now)


def _count(item: AttentionItem) -> int:
    """Return how much of it there is; a paused provider counts however little waits for it."""
    return 1 if item.kind is AttentionKind.PROVIDER else item.count or sum(item.figures)


def _settings(uow: UnitOfWork) -> NoticeSettings:
    usual = NoticeSettings()

    def chosen(way: str, kinds: frozenset[AttentionKind]) -> frozenset[AttentionKind]:
        said = {kind: uow.settings.get(_CHOICE.format(way, kind.value)) for kind in AttentionKind}
        return frozenset(kind for kind in AttentionKind if (said[kind] or ("on" if kind in kinds else "off")) == "on")

    return NoticeSettings(uow.settings.get(_RECEIVER), chosen("screen", usual.on_screen), chosen("mail", usual.by_mail))


def _receiver(to: str) -> str:
    try:
        return checked_address(to) if to.strip() else ""
    except InvalidInput as error:
        raise InvalidInput(error.user_message, fields={"to": ""}) from error
