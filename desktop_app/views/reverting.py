"""The command that takes a saved price change back; every screen that saves prices offers it."""

from collections.abc import Callable

from desktop_app.domain.language import trn
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.views.navigator import Address
from desktop_app.workers.runner import Outcome, Topic


def reverting(pricing: PricingService, change_id: int, actor: str) -> Callable[[Job], Outcome[int]]:
    """Return the command that takes a price change back; what it does can be taken back likewise."""

    def work(_job: Job) -> Outcome[int]:
        done = pricing.revert(change_id, actor=actor)
        text = trn("{count:,} price restored", "{count:,} prices restored", done.restored)
        if done.skipped:
            kept = trn(
                "{count:,} was changed since and stays", "{count:,} were changed since and stay", len(done.skipped)
            )
            text = f"{text} · {kept}"
        again = reverting(pricing, done.change_id, actor) if done.restored else None
        rest = Address("activity", query={"change": str(change_id)}).text if done.skipped else ""
        return Outcome(done.restored, frozenset({Topic.PRICES}), text, again, rest)

    return work
