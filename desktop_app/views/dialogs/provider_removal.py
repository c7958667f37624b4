"""The question before a provider goes, naming what goes with it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.provider_records import Removal
from desktop_app.views.dialogs.question import Question
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.screen import Workplace

NAMED_COUNTRIES: Final = 4


def removal_question(
    parent: QWidget, place: Workplace, name: str, plan: Removal, run: Callable[[], object]
) -> Question:
    """Return the question whether the account ``name`` is to be removed; ``run`` removes it."""
    names = country_names(place.parts.language)
    facts = []
    if plan.costs:
        facts.append((tr("Costs"), trn("{count:,} cost is deleted", "{count:,} costs are deleted", plan.costs)))
    if plan.countries:
        first = ", ".join(names(iso) for iso in plan.countries[:NAMED_COUNTRIES])
        rest = len(plan.countries) - NAMED_COUNTRIES
        text = tr("{names} and {count} others", names=first, count=rest) if rest > 0 else first
        facts.append((tr("Lose their provider"), text))
    if plan.numbers:
        facts.append((tr("Numbers"), trn("{count} number is deleted", "{count} numbers are deleted", plan.numbers)))
    return Question(
        parent, tr("Remove {name}?", name=name), tr("Its key is deleted, too. This cannot be undone."),
        ((tr("Remove {name}", name=name), run),), facts=facts, is_dangerous=True,
    )  # fmt: skip
