"""What else the sources of a shipped country rule say, in plain words; resources/data/README.md describes the sources."""

import re
from collections.abc import Mapping
from typing import Final

from desktop_app.domain.language import tr

_SOURCES: Final[Mapping[str, str]] = {
    "aws2023": "AWS 2023", "aws_forms": "AWS", "mob2023": "MOBtexting 2023", "notify": "GOV.UK Notify",
    "twilio2017": "Twilio 2017", "vonage2024": "Vonage 2024", "vonage_page": "Vonage",
}  # fmt: skip
_NUMERIC: Final = re.compile(r"numeric sender unsupported or overwritten per (\S+)")
_NETWORKS: Final = re.compile(r"per-network registration \(mccmnc mentioned: ([\d ]+)\)")


def sources_text(codes: str, mark: str = ";") -> str:
    """Return the names of the sources whose codes stand in ``codes``, between marks."""
    return ", ".join(_SOURCES.get(code, code) for code in codes.split(mark))


def note_text(note: str) -> str:
    """Return a shipped note as sentences; what is not known, as a person of the team wrote it, stays as it is."""
    return "\n".join(_sentence(part.strip()) for part in note.split(";") if part.strip())


def _sentence(part: str) -> str:
    known = {
        "senders converted to random numeric": tr("Sender IDs are replaced by a number."),
        "senders converted to short code": tr("Sender IDs are replaced by a short code."),
        "setup/monthly fee per sender": tr("There is a fee for each sender ID."),
        "only evidence is an AWS registration form": tr("Known only from a registration form of AWS."),
        "registration may be optional": tr("The pre-approval may be optional."),
        "local entity required": tr("A company in the country is needed."),
    }
    if part in known:
        return known[part]
    if (numeric := _NUMERIC.fullmatch(part)) is not None:
        return tr("A number as sender is refused or replaced ({sources}).", sources=sources_text(numeric[1], "/"))
    if (networks := _NETWORKS.fullmatch(part)) is not None:
        return tr("Networks with rules of their own: {networks}.", networks=", ".join(networks[1].split()))
    head, _, rest = part.partition(": ")
    if head == "sources disagree":
        return tr("The sources disagree: {list}.", list=", ".join(map(_opinion, rest.split())))
    if head == "docs":
        return tr("Asked for: {list}.", list=", ".join(word.replace("_", " ") for word in rest.split()))
    return part


def _opinion(word: str) -> str:
    source, _, said = word.partition("=")
    words = {
        "yes": tr("Yes"), "no": tr("Number shown"), "registration_required": tr("Pre-approval"),
        "partial_registration": tr("Pre-approval in part"),
    }  # fmt: skip
    return f"{sources_text(source)}: {words.get(said, said)}"
