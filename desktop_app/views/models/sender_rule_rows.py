"""The country rules as rows of a table; made in the data lane."""

from collections.abc import Callable, Iterable

from desktop_app.domain.language import tr
from desktop_app.domain.regions import COUNTRIES
from desktop_app.domain.sender_documents import purposes_needed
from desktop_app.services.country_rules import CountryRule
from desktop_app.views.formats import MISSING, date_text, folded
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row
from desktop_app.views.models.rule_notes import sources_text
from desktop_app.views.models.sender_words import NAMES_LOOKS, names_of, names_text, needs_text, shipped_year

_PLAIN = CellLook("text2")


def rule_headings() -> tuple[Heading, ...]:
    """Return the columns."""
    return (
        Heading(tr("Country")), Heading(tr("Names")), Heading(tr("Characters"), is_number=True), Heading(tr("Documents")),
        Heading(tr("Days"), is_number=True), Heading(tr("Fee")), Heading(tr("Content limits")), Heading(tr("Source")),
        Heading(tr("Last checked")),
    )  # fmt: skip


def rule_rows(rules: Iterable[CountryRule], name_of: Callable[[str], str]) -> tuple[Row[CountryRule], ...]:
    """Return a row for each rule, by the country's name."""
    known = [one for one in rules if one.rule.country in COUNTRIES]
    return tuple(
        _row(one, name_of(one.rule.country)) for one in sorted(known, key=lambda one: folded(name_of(one.rule.country)))
    )


def checked_text(one: CountryRule) -> str:
    """Return when a rule was last checked: the team's day, or the year of what is shipped."""
    if one.checked_at is not None:
        return date_text(one.checked_at.astimezone().date())
    return shipped_year(one.rule) or MISSING


def source_text(one: CountryRule) -> str:
    """Return where a rule comes from: the team, or the names of what is shipped."""
    if one.is_own:
        return one.rule.source or one.changed_by
    return sources_text(one.rule.source)


def _row(one: CountryRule, name: str) -> Row[CountryRule]:
    rule = one.rule
    names = names_of(rule)
    tint, image = NAMES_LOOKS[names]
    documents = needs_text(purposes_needed(rule)) if rule.needs_approval else MISSING
    texts = (
        name, names_text(names), f"1\u2013{rule.longest}", documents, rule.days.replace("-", "\u2013") or MISSING,
        rule.fee or MISSING, rule.content or MISSING, source_text(one), checked_text(one),
    )  # fmt: skip
    looks = (
        CellLook("text", "body_medium", flag=rule.country, faint=tr("edited") if one.is_own else ""),
        CellLook(tint, pill=tint, icon=image), _PLAIN, _PLAIN, _PLAIN, _PLAIN, _PLAIN, CellLook("text3", "small"),
        CellLook("text3", "small"),
    )  # fmt: skip
    words = tuple(folded(text) for text in (name, rule.country, texts[1]))
    spoken = ", ".join((name, texts[1], texts[3], texts[8], tr("edited by the team") if one.is_own else ""))
    return Row(one, texts, looks, words, spoken.rstrip(", "))
