"""A bulk edit as the person set it up: what a preset keeps and an address fills in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from desktop_app.domain.bulk_edits import NetworkScope
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.price_limits import Rounding
from desktop_app.domain.scopes import LOSS, ScopeToken, parse_tokens, read_token
from desktop_app.views.models.bulk_rule import RuleSentence, Subject, Unit, Verb
from desktop_app.views.models.scope_words import ScopeVocabulary

FIRST: Final = RuleSentence()
BREAK_EVEN: Final = RuleSentence(Verb.SET, Subject.PROFIT, Unit.AMOUNT, "0")


@dataclass(frozen=True, slots=True)
class BulkState:
    """Scope, rule and limits; numbers as they were typed."""

    tokens: tuple[ScopeToken, ...] = ()
    networks: NetworkScope = NetworkScope.COUNTRIES
    skip_manual: bool = True
    sentence: RuleSentence = FIRST
    write_manual: bool = False
    rounding: Rounding = Rounding.NEAREST
    step: int = 100
    below: int = 0
    min_profit: str = ""
    cap: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """The state for storage."""
        return {
            "scope": ",".join(token.text for token in self.tokens), "networks": self.networks.value,
            "skip_manual": self.skip_manual, "rule": self.sentence.name, "value": self.sentence.value,
            "write_manual": self.write_manual, "rounding": self.rounding.value, "step": self.step, "below": self.below,
            "min_profit": self.min_profit, "cap": self.cap,
        }  # fmt: skip

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "BulkState":
        """Return the state that ``content`` wrote.

        Raises:
            InvalidInput: it is none, or one of a newer program.
        """
        try:
            return cls(
                tokens=parse_tokens(str(content["scope"])), networks=NetworkScope(content["networks"]),
                skip_manual=bool(content["skip_manual"]),
                sentence=RuleSentence.from_name(str(content["rule"]), str(content["value"])),
                write_manual=bool(content["write_manual"]), rounding=Rounding(content["rounding"]),
                step=int(content["step"]), below=int(content["below"]), min_profit=str(content["min_profit"]),
                cap=str(content["cap"]),
            )  # fmt: skip
        except (KeyError, ValueError) as error:
            raise InvalidInput(tr("This preset cannot be read.")) from error


def filled_in(state: BulkState, query: Mapping[str, str], vocabulary: ScopeVocabulary) -> BulkState:
    """Return ``state`` with what an address says: ``scope``, ``rule`` and ``value``.

    The countries that lose money come with the way out: set to their cost, prices set by hand included.

    Raises:
        InvalidInput: a token or the rule is none.
    """
    tokens = _tokens(query["scope"], vocabulary) if "scope" in query else state.tokens
    sentence = state.sentence
    if "rule" in query:
        sentence = RuleSentence.from_name(query["rule"], query.get("value", ""))
    elif query.get("scope") and tokens == (LOSS,):
        return replace(state, tokens=tokens, sentence=BREAK_EVEN, skip_manual=False)
    return replace(state, tokens=tokens, sentence=sentence)


def _tokens(text: str, vocabulary: ScopeVocabulary) -> tuple[ScopeToken, ...]:
    """Return the tokens of an address; what is none may be a name as a person types it."""
    try:
        return parse_tokens(text)
    except InvalidInput:
        return tuple(read_token(part, vocabulary.words) for part in text.split(",") if part.strip())
