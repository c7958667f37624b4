"""Every text for a person is there in all languages, and says the same with the same placeholders."""

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from desktop_app.config import resource_path
from desktop_app.domain.language import LANGUAGES

PACKAGE = Path(__file__).resolve().parents[2] / "desktop_app"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# The literals each function takes before its values.
LITERALS = {"tr": 1, "later": 1, "trn": 2}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LITERALS:
            yield node


def _literals(call: ast.Call) -> list[str] | None:
    """Return the texts of a call, None when one of them is not a literal."""
    assert isinstance(call.func, ast.Name)
    given = call.args[: LITERALS[call.func.id]]
    texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return texts if len(texts) == LITERALS[call.func.id] else None


def _spoken() -> set[tuple[str, ...]]:
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCES if path.name != "language.py"]
    return {tuple(texts) for tree in trees for call in _calls(tree) if (texts := _literals(call))}


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _catalogue(language: str) -> Catalog:
    with resource_path(f"translations/{language}.po").open("rb") as stream:
        return read_po(stream, locale=language)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_texts_are_literals_and_are_spoken_when_they_are_shown(path: Path) -> None:
    if path.name == "language.py":
        assert LITERALS
        return
    tree = ast.parse(path.read_text("utf-8"))
    at_import = [
        call.lineno
        for node in tree.body
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for part in (node.body if isinstance(node, ast.ClassDef) else [node])
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in _calls(part)
        if isinstance(call.func, ast.Name) and call.func.id != "later"
        if not any(call in ast.walk(one) for one in ast.walk(part) if isinstance(one, ast.Lambda))
    ]

    assert [call.lineno for call in _calls(tree) if _literals(call) is None] == []
    assert at_import == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_nothing_else_is_kept(language: str) -> None:
    catalogue = _catalogue(language)
    known = {(one.id,) if isinstance(one.id, str) else tuple(one.id) for one in catalogue if one.id}
    # A catalogue finds the form for one under the same words without a plural.
    singulars = {texts[:1] for texts in known if len(texts) > 1}
    spoken = _spoken() - singulars

    assert sorted(spoken - known) == [], "python3 dev.py translations collects them"
    assert sorted(known - spoken) == [], "python3 dev.py translations leaves them out"
    for message in catalogue:
        assert not message.id or all(_forms(message)), message.id
        assert not message.id or not message.fuzzy, message.id
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same_in_all_languages(language: str) -> None:
    different = []
    for message in _catalogue(language):
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = _forms(message)
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        # A form for exactly one may leave its number out.
        for form in forms:
            found = set(PLACEHOLDER.findall(form))
            if message.id and found not in (wanted, set(PLACEHOLDER.findall(sources[0]))):
                different.append((sources[0], form))

    assert different == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_the_program_reads_is_compiled_from_what_is_translated(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))

    assert resource_path(f"translations/{language}.mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("language", TRANSLATED)
def test_edges_and_ellipses_are_kept(language: str) -> None:
    with resource_path(f"translations/{language}.mo").open("rb") as stream:
        speak = gettext.GNUTranslations(stream).gettext
    changed = []
    for source, *_ in (texts for texts in _spoken() if len(texts) == 1):
        told = speak(source)
        edges = (source[0].isspace(), source[-1].isspace(), source.endswith("…"))
        if edges != (told[0].isspace(), told[-1].isspace(), told.endswith("…")):
            changed.append((source, told))

    assert changed == []
