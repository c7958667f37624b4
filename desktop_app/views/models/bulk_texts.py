"""What the bulk edit says about itself: its scope, its button, its toast."""

from desktop_app.domain.language import tr, trn
from desktop_app.domain.scopes import ScopeToken, TokenKind
from desktop_app.services.bulk_edit import Preview
from desktop_app.views.formats import count_text, percent_text
from desktop_app.views.models.scope_words import ScopeVocabulary


def scope_text(tokens: tuple[ScopeToken, ...], vocabulary: ScopeVocabulary, countries: int) -> str:
    """Return a scope for a person: "EU countries, −Germany"."""
    if len(tokens) == 1 and tokens[0].kind is TokenKind.SELECTION:
        return trn("{count} country", "{count} countries", countries)
    return ", ".join(("\u2212" if token.removes else "") + vocabulary.label(token) for token in tokens)


def margin_now(preview: Preview, scope: str) -> str:
    """Return what the toast says about the margin."""
    after = preview.totals.after.margin
    return (
        ""
        if after is None
        else tr("Average margin of {scope} is now {margin}", scope=scope, margin=percent_text(after))
    )


def apply_text(preview: Preview | None) -> str:
    """Return what the button that saves says: "Apply to 26 countries"."""
    if preview is None:
        return tr("Apply")
    written = preview.totals.written
    if any(row.rate.mccmnc is not None and row.is_written for row in preview.rows):
        return trn("Apply to {count} row", "Apply to {count} rows", written, **_marked(written))
    return trn("Apply to {count} country", "Apply to {count} countries", written, **_marked(written))


def _marked(count: int) -> dict[str, str]:
    return {"count": count_text(count)} if count >= 1_000 else {}
