"""What is done to a client, as commands with what undoes them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from desktop_app.domain.language import tr
from desktop_app.services.client_terms import ClientTermsService
from desktop_app.services.clients import ClientsService
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.workers.runner import Outcome, Topic

CHANGED: Final = frozenset({Topic.CLIENTS})
Act = Callable[[Job], Outcome[Any]]


def pause_work(clients: ClientsService, name: str, actor: str, *, paused: bool) -> Act:
    """Stop or allow sending for a client."""

    def work(_job: Job) -> Outcome[None]:
        clients.set_paused(name, paused=paused, actor=actor)
        said = tr("{name} paused", name=name) if paused else tr("{name} resumed", name=name)
        return Outcome(None, CHANGED, said, pause_work(clients, name, actor, paused=not paused))

    return work


def archive_work(terms: ClientTermsService, name: str, actor: str) -> Act:
    """Put a client away."""

    def work(_job: Job) -> Outcome[None]:
        was_paused = terms.archive(name, actor=actor)
        undo = restore_work(terms, name, actor, paused=was_paused)
        return Outcome(None, CHANGED, tr("{name} archived", name=name), undo)

    return work


def restore_work(terms: ClientTermsService, name: str, actor: str, *, paused: bool) -> Act:
    """Bring a client back from the archive."""

    def work(_job: Job) -> Outcome[None]:
        terms.restore(name, paused=paused, actor=actor)
        return Outcome(None, CHANGED, tr("{name} restored", name=name), archive_work(terms, name, actor))

    return work


def terms_work(terms: ClientTermsService, name: str, actor: str, changes: dict[str, Any]) -> Act:
    """Change terms; the value is the client's name afterwards."""

    def work(_job: Job) -> Outcome[str]:
        before, after = terms.change(name, actor=actor, **changes)
        if before == after:
            return Outcome(after.name)
        back = {field: getattr(before, field) for field in changes}
        undo = terms_work(terms, after.name, actor, back)
        return Outcome(
            after.name, CHANGED | {Topic.CREDITS}, tr("Terms of {name} changed", name=after.name), undo
        )  # fmt: skip

    return work


def price_work(
    pricing: PricingService, name: str, iso: str, country: str, price: Any, actor: str
) -> Act:  # fmt: skip
    """Give a client a price of its own for a country, or take it away with None."""

    def work(_job: Job) -> Outcome[None]:
        before = pricing.set_client_price(name, iso, price, actor=actor)
        said = (
            tr("Client price of {country} removed", country=country)
            if price is None
            else tr("Client price of {country} set", country=country)
        )
        undo = None if before == price else partial(_run, price_work(pricing, name, iso, country, before, actor))
        return Outcome(None, frozenset({Topic.CLIENTS, Topic.PRICES}), said, undo)

    return work


def _run(act: Act, job: Job) -> Outcome[Any]:
    return act(job)
