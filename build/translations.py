"""Brings resources/translations up to date with the texts of the source: `python3 dev.py translations`.

Collects every literal of ``tr(...)``, ``later(...)`` and ``trn(..., ...)`` and merges them into the .po file of each language:
sorted and without line numbers, so that the change of one text is the change of one entry. Takes new translations from files
that are named, and compiles the .mo files that the program reads. Prints what is not translated yet; the exit code is 1 while
something is not.
"""

import ast
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "tr")
# Function -> how many literals it takes.
FUNCTIONS = {"tr": 1, "later": 1, "trn": 2}
PROJECT = "SMS Desk"
# No run may change a file when no text changed.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def texts_of(source: str) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts of a module, calls within calls included; for a plural both forms."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            continue
        count = FUNCTIONS[node.func.id]
        texts = [one.value for one in node.args[:count] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(texts) == count:
            yield texts[0] if count == 1 else tuple(texts)


def collected() -> Catalog:
    """Return a catalogue of every text in the source."""
    template = Catalog(project=PROJECT, creation_date=LONG_AGO, fuzzy=False)
    for path in sorted((ROOT / "desktop_app").rglob("*.py")):
        for text in texts_of(path.read_text("utf-8")):
            template.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    return template


def merged(language: str, template: Catalog) -> Catalog:
    """Return the language's catalogue with the texts of ``template``: known translations kept, texts that are gone left out."""
    path = FOLDER / f"{language}.po"
    catalogue = Catalog(locale=language, project=PROJECT)
    if path.exists():
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    catalogue.header_comment = f"# {PROJECT}: {language}"
    catalogue.last_translator, catalogue.language_team, catalogue.fuzzy = PROJECT, language, False
    return catalogue


def fill(catalogue: Catalog, new: dict[str, str | list[str]]) -> None:
    """Give entries the translations of ``new``: English -> text, or the list of plural forms under the singular's English."""
    for message in catalogue:
        given = new.get(_key(message))
        if message.id and given:
            message.string = given if isinstance(given, str) else tuple(given)


def missing(catalogue: Catalog) -> list[str]:
    """Return the English texts without a translation."""
    return [_key(message) for message in catalogue if message.id and not _is_translated(message)]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return all(forms or ("",))


def save(language: str, catalogue: Catalog) -> None:
    """Write the .po file and the .mo file compiled from it."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{language}.po").open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False, include_previous=False)
    with (FOLDER / f"{language}.mo").open("wb") as stream:
        write_mo(stream, catalogue)


def main(arguments: list[str]) -> int:
    """Update all languages; ``LANGUAGE FILE.json`` pairs name files with new translations."""
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    template, open_texts = collected(), 0
    for language in LANGUAGES:
        catalogue = merged(language, template)
        if language in given:
            fill(catalogue, json.loads(Path(given[language]).read_text("utf-8")))
        save(language, catalogue)
        left = missing(catalogue)
        open_texts += len(left)
        sys.stderr.write(f"{language}: {len(catalogue)} texts, {len(left)} not translated\n")
        for text in left:
            sys.stdout.write(json.dumps({"language": language, "text": text}, ensure_ascii=False) + "\n")
    return 1 if open_texts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
