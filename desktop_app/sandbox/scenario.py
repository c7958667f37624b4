"""What a run of the sandbox is like, as a JSON document (cli.md, "The sandbox")."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import parse_currency
from desktop_app.sandbox.faults import LOOKUP_MODES, MODES_BY_NAME, Fault, FaultMode, RequestKind

_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MAX_MS: Final = 24 * 3600 * 1000
_MAX_SECONDS: Final = 24 * 3600.0
_MAX_FAULTS: Final = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """The settings of one run; immutable, so that every request sees one of them as a whole.

    Attributes:
        currency: of prices and balance, ISO 4217.
        balance: exact decimal text.
        prices: country (ISO alpha-2) -> exact decimal text for each of its networks.
        latency_ms: how long every answer of a provider takes.
        delivery_ms: from acceptance to the final status.
        faults: what goes wrong, tried in this order.
        seed: of the dice that spread the faults.
        credentials: provider -> (account, secret); providers not named accept any.
    """

    currency: str = "EUR"
    balance: str = "100"
    prices: Mapping[str, str] = field(default_factory=dict)
    latency_ms: int = 5
    delivery_ms: int = 200
    faults: tuple[Fault, ...] = ()
    seed: int = 0
    credentials: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls, document: object) -> "Scenario":
        """Return the scenario in a parsed JSON ``document``; what it does not name keeps its usual value.

        Raises:
            InvalidInput: ``fields`` names what cannot be used.
        """
        return cls().merge(document)

    def merge(self, document: object) -> "Scenario":
        """Return this scenario changed by ``document``.

        ``prices`` and ``credentials`` are merged entry by entry, and an entry of null is removed. Everything else replaces
        what was there.

        Raises:
            InvalidInput: ``fields`` names what cannot be used; nothing is changed then.
        """
        changes: dict[str, object] = {}
        for name, value in _object("scenario", document).items():
            if name not in _READERS:
                raise _refused(name, tr("is not a setting of a scenario"))
            changes[name] = _READERS[name](self, value)
        return replace(self, **changes)  # type: ignore[arg-type]  # each reader returns its field's type

    def to_json(self) -> dict[str, object]:
        """Return the scenario as a JSON document, without the credentials."""
        return {
            "currency": self.currency,
            "balance": self.balance,
            "prices": dict(self.prices),
            "latency_ms": self.latency_ms,
            "delivery_ms": self.delivery_ms,
            "faults": [fault.to_json() for fault in self.faults],
            "seed": self.seed,
        }


def _refused(name: str, reason: str) -> InvalidInput:
    return InvalidInput(tr("Scenario: {name} {reason}.", name=name, reason=reason), fields={name: reason})


def _object(name: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _refused(name, tr("must be an object"))
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= 500:
        raise _refused(name, tr("must be a text of at most 500 characters"))
    return value


def _decimal_text(name: str, value: object, *, signed: bool = False) -> str:
    # A JSON number is taken by its shortest spelling, which is the one in the file for up to 15 digits.
    text = value if isinstance(value, str) else repr(value)
    if not _DECIMAL.fullmatch(text) or (text.startswith("-") and not signed):
        raise _refused(name, tr("must be a decimal number such as “0.062”"))
    return text


def _integer(name: str, value: object, highest: int) -> int:
    if type(value) is not int or not 0 <= value <= highest:
        raise _refused(name, tr("must be a whole number from 0 to {highest}", highest=highest))
    return value


def _number(name: str, value: object, highest: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refused(name, tr("must be a number"))
    if not 0 <= value <= highest:
        raise _refused(name, tr("must be between 0 and {highest}", highest=f"{highest:g}"))
    return float(value)


def _currency(_scenario: Scenario, value: object) -> str:
    return parse_currency(_text("currency", value))


def _balance(_scenario: Scenario, value: object) -> str:
    return _decimal_text("balance", value, signed=True)


def _prices(scenario: Scenario, value: object) -> dict[str, str]:
    prices = dict(scenario.prices)
    for country, price in _object("prices", value).items():
        name = f"prices.{country}"
        if not _COUNTRY.fullmatch(country):
            raise _refused(name, tr("must be named by two capital letters"))
        if price is None:
            prices.pop(country, None)
        else:
            prices[country] = _decimal_text(name, price)
    return prices


def _credentials(scenario: Scenario, value: object) -> dict[str, tuple[str, str]]:
    credentials = dict(scenario.credentials)
    for provider, pair in _object("credentials", value).items():
        name = f"credentials.{provider}"
        if pair is None:
            credentials.pop(provider, None)
        elif isinstance(pair, list | tuple) and len(pair) == 2:
            credentials[provider] = (_text(name, pair[0]), _text(name, pair[1]))
        else:
            raise _refused(name, tr("must be a list of two texts, account and secret"))
    return credentials


def _faults(_scenario: Scenario, value: object) -> tuple[Fault, ...]:
    if not isinstance(value, list | tuple) or len(value) > _MAX_FAULTS:
        raise _refused("faults", tr("must be a list of at most {highest} faults", highest=_MAX_FAULTS))
    return tuple(_fault(f"faults[{index}]", entry) for index, entry in enumerate(value))


def _fault(name: str, value: object) -> Fault:
    entry = _object(name, value)
    if "mode" not in entry:
        raise _refused(f"{name}.mode", tr("is missing"))
    mode = _mode(f"{name}.mode", entry["mode"])
    changes: dict[str, object] = {"on": RequestKind.LOOKUP if mode in LOOKUP_MODES else RequestKind.SEND}
    for key in entry.keys() - {"mode"}:
        if key not in _FAULT_READERS:
            raise _refused(f"{name}.{key}", tr("is not a setting of a fault"))
        changes[key] = _FAULT_READERS[key](f"{name}.{key}", entry[key])
    if mode in LOOKUP_MODES and changes["on"] is not RequestKind.LOOKUP:
        raise _refused(f"{name}.on", tr("must be “lookup” for this mode"))
    return replace(Fault(mode), **changes)  # type: ignore[arg-type]  # each reader returns its field's type


def _mode(name: str, value: object) -> FaultMode:
    mode = MODES_BY_NAME.get(value) if isinstance(value, str) else None
    if mode is None:
        raise _refused(name, tr("is not a fault mode: {value}", value=str(value)[:40]))
    return mode


def _kind(name: str, value: object) -> RequestKind:
    if not isinstance(value, str) or value not in set(RequestKind):
        raise _refused(name, tr("must be one of {kinds}", kinds=", ".join(RequestKind)))
    return RequestKind(value)


_READERS: Final[Mapping[str, Callable[[Scenario, object], object]]] = {
    "currency": _currency,
    "balance": _balance,
    "prices": _prices,
    "latency_ms": lambda _scenario, value: _integer("latency_ms", value, _MAX_MS),
    "delivery_ms": lambda _scenario, value: _integer("delivery_ms", value, _MAX_MS),
    "faults": _faults,
    "seed": lambda _scenario, value: _integer("seed", value, 2**63),
    "credentials": _credentials,
}
_FAULT_READERS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "rate": lambda name, value: _number(name, value, 1.0),
    "on": _kind,
    "seconds": lambda name, value: _number(name, value, _MAX_SECONDS),
    "retry_after": lambda name, value: _text(name, value),
    "location": lambda name, value: _text(name, value),
}
