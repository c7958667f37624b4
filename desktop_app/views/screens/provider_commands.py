"""What is done with a provider account, as commands that can be undone where that is possible."""

from collections.abc import Callable
from typing import Final

from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.providers import ProvidersService
from desktop_app.workers.runner import Outcome, Topic

ONE: Final = frozenset({Topic.PROVIDERS})
ALL: Final = frozenset({Topic.PROVIDERS, Topic.PRICES})
Work = Callable[[Job], Outcome[None]]


def default_work(providers: ProvidersService, name: str, actor: str) -> Work:
    """Return what makes an account the default; undone, the former one is it again."""

    def work(_job: Job) -> Outcome[None]:
        former = providers.set_default(name, actor=actor)
        if former is None:
            return Outcome(None)
        said = tr("{name} is the default provider", name=name)
        return Outcome(None, ALL, said, default_work(providers, former, actor))

    return work


def pause_work(providers: ProvidersService, name: str, actor: str) -> Work:
    """Return what pauses an account; undone, it is resumed."""

    def work(_job: Job) -> Outcome[None]:
        if not providers.pause(name, "", actor=actor):
            return Outcome(None)
        return Outcome(None, ONE, tr("{name} paused", name=name), resume_work(providers, name, actor))

    return work


def resume_work(providers: ProvidersService, name: str, actor: str) -> Work:
    """Return what resumes an account; undone, it is paused."""

    def work(_job: Job) -> Outcome[None]:
        if not providers.resume(name, actor=actor):
            return Outcome(None)
        return Outcome(None, ONE, tr("{name} resumed", name=name), pause_work(providers, name, actor))

    return work


def remove_work(providers: ProvidersService, name: str, actor: str) -> Work:
    """Return what removes an account, which cannot be undone."""

    def work(_job: Job) -> Outcome[None]:
        providers.remove(name, actor=actor)
        return Outcome(None, ALL)

    return work


def sync_text(raised: int, lowered: int, new: int) -> str:
    """Return what a sync changed, counted in costs."""
    changed, parts = raised + lowered, []
    if changed:
        parts.append(
            trn(
                "{count:,} cost changed: {up:,} up, {down:,} down", "{count:,} costs changed: {up:,} up, {down:,} down",
                changed, up=raised, down=lowered,
            )
        )  # fmt: skip
    if new:
        parts.append(trn("{count:,} new cost", "{count:,} new costs", new))
    return ", ".join(parts) or tr("Costs synced, none changed")
