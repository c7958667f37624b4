"""How prices came about: rules for regions, a rule taken back, prices set by hand, permission for losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from desktop_app.domain.bulk_edits import EditOrder, NetworkScope
from desktop_app.domain.money import micro_exact
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind
from desktop_app.domain.regions import COUNTRIES, region
from desktop_app.sandbox.demo.costs import CLOSED
from desktop_app.sandbox.demo.office import DENIZ, MERT, SOFIA, Diary, Office
from desktop_app.sandbox.demo.travel import START, Calendar
from desktop_app.services.price_edits import PriceEdit

_LIMITS: Final = PriceLimits(step=100)
_SWITCHED_OFF: Final = ("KP", "LY", "SO", "SY", "YE")
_LOSS_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class _Ruling:
    """A bulk edit: when and by whom, its rule, what the scope is called, and which countries are in it."""

    days_ago: int
    hour: int
    minute: int
    actor: str
    rule: PriceRule
    scope: str
    countries: frozenset[str]

    @property
    def label(self) -> str:
        """What the log calls it."""
        words = {
            RuleKind.MARGIN: f"Margin {self.rule.value / 100:g}%",
            RuleKind.RAISE_MARGIN: f"Raise margin by {self.rule.value / 100:g} points",
        }[self.rule.kind]
        return f"{words}: {self.scope}"


@dataclass(frozen=True, slots=True)
class _ByHand:
    """Prices that one person set by hand, saved together."""

    days_ago: int
    hour: int
    actor: str
    prices: Mapping[str, str]


def _margin(percent: int) -> PriceRule:
    return PriceRule(RuleKind.MARGIN, percent * 100)


def _set(*isos: str) -> frozenset[str]:
    return frozenset(isos)


_CARIBBEAN: Final = _set("AG", "AI", "BB", "BS", "DM", "GD", "KN", "KY", "LC", "MS", "TC", "VC")
_RULINGS: Final = (
    _Ruling(START, 8, 40, DENIZ, _margin(28), "All countries", COUNTRIES - CLOSED),
    _Ruling(93, 13, 5, DENIZ, _margin(30), "EU countries", region("EU")),
    _Ruling(90, 9, 50, MERT, _margin(40), "Türkiye", _set("TR")),
    _Ruling(81, 14, 20, SOFIA, _margin(32), "Latin America", region("Latin America")),
    _Ruling(74, 10, 12, MERT, _margin(30), "United Kingdom, United States", _set("GB", "US")),
    _Ruling(58, 15, 35, MERT, _margin(35), "Canada", _set("CA")),
    _Ruling(45, 9, 25, SOFIA, _margin(33), "Middle East", region("Middle East")),
    _Ruling(36, 16, 2, DENIZ, _margin(27), "Africa", region("Africa")),
    _Ruling(9, 17, 10, MERT, PriceRule(RuleKind.RAISE_MARGIN, 500), "Asia Pacific", region("Asia Pacific")),
    _Ruling(5, 9, 15, DENIZ, _margin(28), "Bulgaria, Hungary", _set("BG", "HU")),
    _Ruling(1, 13, 58, DENIZ, PriceRule(RuleKind.RAISE_MARGIN, 300), "12 countries", _CARIBBEAN),
)
_BY_HAND: Final = (
    _ByHand(52, 11, SOFIA, {"IN": "0.0410"}),
    _ByHand(47, 15, MERT, {"AU": "0.0490", "NZ": "0.1250"}),
    _ByHand(41, 10, SOFIA, {"JP": "0.0830", "KR": "0.0370", "SG": "0.0480", "MY": "0.0690"}),
    _ByHand(30, 14, MERT, {"ID": "0.1590", "TH": "0.0270", "PK": "0.0640", "BD": "0.1090"}),
    _ByHand(26, 9, DENIZ, {"ZA": "0.0310", "NG": "0.1480", "MA": "0.1190"}),
    _ByHand(21, 16, MERT, {"UA": "0.1240", "AZ": "0.2690", "KZ": "0.1150"}),
    _ByHand(13, 13, SOFIA, {"IL": "0.1020", "SA": "0.1460"}),
    _ByHand(6, 10, DENIZ, {"CH": "0.0790", "NO": "0.0860"}),
    _ByHand(2, 12, SOFIA, {"CO": "0.0160"}),
)
SET_BY_HAND: Final = frozenset().union(*(one.prices for one in _BY_HAND)) | {"HR"}
# Countries whose costs stay as they are until this morning, so that the margins are those that were meant.
STILL: Final = SET_BY_HAND | {"CY", "DE"}


def plan_pricing(office: Office, calendar: Calendar, diary: Diary) -> None:
    """Write down when prices are changed, and by whom."""
    diary.write(calendar.on(START, 8, 35), partial(_settle, office))
    for ruling in _RULINGS:
        at = calendar.on(ruling.days_ago, ruling.hour, ruling.minute)
        diary.write(at, partial(_apply, office, ruling))
    for one in _BY_HAND:
        diary.write(calendar.on(one.days_ago, one.hour, 42), partial(_set_by_hand, office, one))
    diary.write(calendar.on(8, 9, 5), partial(_take_back, office))
    diary.write(calendar.on(7, 11, 30), partial(_fix_cyprus, office))
    diary.write(calendar.on(3, 10, 20), partial(_allow_loss, office))
    for place, iso in enumerate(_SWITCHED_OFF):
        work = partial(office.pricing.set_country_enabled, iso, enabled=False, actor=SOFIA)
        diary.write(calendar.on(89, 16, 30 + place), work)


def _settle(office: Office) -> None:
    office.preferences.change(actor=DENIZ, company="Northwind Telecom", rules_follow_costs=True)
    office.pricing.set_standing_rule("EU", _margin(30), actor=DENIZ)


def _apply(office: Office, ruling: _Ruling) -> None:
    order = EditOrder(ruling.countries, NetworkScope.COUNTRIES, ruling.rule, _LIMITS)
    preview = office.bulk_edit.preview(order)
    office.bulk_edit.apply(order, expected=preview.fingerprint, actor=ruling.actor, label=ruling.label)


def _set_by_hand(office: Office, one: _ByHand) -> None:
    rows = {row.rate.country: row.rate for row in office.pricing.list_prices(one.prices)}
    edits = [
        PriceEdit(iso, None, rows[iso].price, rows[iso].manual, micro_exact(Decimal(price)))
        for iso, price in one.prices.items()
    ]
    office.pricing.save_edits(edits, actor=one.actor)


def _take_back(office: Office) -> None:
    raised = next(change for change in office.pricing.changes() if change.label.endswith("Asia Pacific"))
    office.pricing.revert(raised.change_id, actor=DENIZ)


def _fix_cyprus(office: Office) -> None:
    """A rule that knows no cost: this morning's rise leaves its price behind."""
    office.pricing.reprice(PriceRule(RuleKind.SET_PRICE, 38_000), actor=MERT, limits=_LIMITS, countries=["CY"])


def _allow_loss(office: Office) -> None:
    until = office.clock() + timedelta(days=_LOSS_DAYS)
    reason = "Launch offer for Nordbau, agreed with finance"
    office.pricing.set_price("HR", Decimal("0.0899"), actor=DENIZ, loss_until=until, reason=reason)
