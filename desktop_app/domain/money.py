"""Money: whole millionths of a currency unit, one rounding policy, no float.

Amounts are ``int`` micro-units (0.1234 EUR = 123_400) or ``Decimal`` in front of a person. Rounding happens once, at pricing
(half up at six decimals); costs that are finer than a millionth are rounded up.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

MICRO: Final = 1_000_000
DECIMALS: Final = 6
MAX_AMOUNT_MICRO: Final = 10**15
# 100,000 units: the dearest segment in the weakest currency fits, and price x percent x 2 stays below 2**63 in SQL.
MAX_PRICE_MICRO: Final = 10**11
_MICRO_STEP: Final = Decimal("0.000001")
_MAX_AMOUNT: Final = Decimal(MAX_AMOUNT_MICRO // MICRO)
# Wide enough that no amount the limits admit is ever rounded by the arithmetic itself.
EXACT: Final = Context(prec=60)

# ISO 4217 codes of money in circulation (SIX list one, 2024); funds, metals and test codes left out.
_CODES: Final = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())


def parse_currency(text: str) -> str:
    """Return the ISO 4217 code in ``text``, upper case.

    Raises:
        InvalidInput: when it is no currency in circulation.
    """
    code = text.strip().upper()
    if code not in CURRENCIES:
        sentence = tr("“{text}” is not a currency code. Use one like EUR or USD.", text=text[:20])
        raise InvalidInput(sentence, fields={"currency": sentence})
    return code


def micro_exact(amount: Decimal | int) -> int:
    """Return ``amount`` in micro-units.

    Raises:
        InvalidInput: when it is not finite, has more than six decimals, or exceeds what an account can hold.
        TypeError: for a float.
    """
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    amount = Decimal(amount)
    # Compared and quantized, not multiplied: that is exact for any number of digits and any exponent.
    if not amount.is_finite() or amount.copy_abs() > _MAX_AMOUNT:
        raise InvalidInput(tr("The amount {amount} is out of range.", amount=str(amount)[:40]))
    rounded = amount.quantize(_MICRO_STEP, ROUND_DOWN, EXACT)
    if rounded != amount:
        raise InvalidInput(tr("{amount} has more than six decimals.", amount=str(amount)[:40]))
    return int(rounded.scaleb(DECIMALS, EXACT))


def micro_half_up(amount: Decimal) -> int:
    """Return ``amount`` in micro-units, a half rounded away from zero."""
    return int(amount.quantize(_MICRO_STEP, ROUND_HALF_UP, EXACT).scaleb(DECIMALS, EXACT))


def micro_ceiling(amount: Decimal) -> int:
    """Return ``amount`` in micro-units, rounded up: what we pay is never understated."""
    return int(amount.quantize(_MICRO_STEP, ROUND_CEILING, EXACT).scaleb(DECIMALS, EXACT))


def amount_of(micro: int) -> Decimal:
    """Return ``micro`` as a Decimal with six decimals."""
    return Decimal(micro).scaleb(-DECIMALS, EXACT).quantize(_MICRO_STEP, context=EXACT)


def floor_hundredths(micro: int) -> str:
    """Return ``micro`` with two decimals, cut towards what is less: credit is never shown higher than it is."""
    cents = micro // 10_000
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def micro_text(micro: int) -> str:
    """Return ``micro`` as a plain decimal string with six decimals, for example ``"0.123400"``."""
    sign = "-" if micro < 0 else ""
    whole, rest = divmod(abs(micro), MICRO)
    return f"{sign}{whole}.{rest:06d}"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency. Refuses to mix currencies.

    Attributes:
        micro: whole millionths of the unit.
        currency: ISO 4217 code.
    """

    micro: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.micro) is not int:
            raise TypeError("micro must be int, not " + type(self.micro).__name__)

    @classmethod
    def of(cls, amount: Decimal | int, currency: str) -> "Money":
        """Return ``amount`` (at most six decimals) of ``currency``."""
        return cls(micro_exact(amount), currency)

    @property
    def amount(self) -> Decimal:
        """The amount as a Decimal with six decimals."""
        return amount_of(self.micro)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.micro + other.micro, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.micro - other.micro, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            raise TypeError("money is multiplied by whole numbers only")
        return Money(self.micro * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.micro < other.micro

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.micro <= other.micro

    def __str__(self) -> str:
        return f"{micro_text(self.micro)} {self.currency}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")


_SPACES: Final = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f"))
_SYMBOLS: Final = "€$£¥₺₹₽₴₩%"
_APOSTROPHE_GROUPS: Final = re.compile(r"(?<=[0-9])'(?=[0-9]{3}(?![0-9]))")
_ASCII_DIGITS: Final = frozenset("0123456789")


def _strip(text: str) -> tuple[str, str]:
    """Return (sign, body) of a typed number without spaces, Swiss group marks, and currency signs and percent at its ends."""
    body = text.translate(_SPACES).replace("\u2212", "-").replace("\u2019", "'").strip(_SYMBOLS)
    sign = "-" if body.startswith("-") else ""
    if body[:1] in ("+", "-"):
        body = body[1:].strip(_SYMBOLS)
    return sign, _APOSTROPHE_GROUPS.sub("", body)


def _grouped(text: str, mark: str) -> str | None:
    """Return ``text`` without its group marks, or None when they do not part groups of three."""
    first, *rest = text.split(mark)
    if not 1 <= len(first) <= 3 or first[0] == "0" or any(len(group) != 3 for group in rest):
        return None
    return first + "".join(rest)


def _plain(body: str, decimal_mark: str | None) -> str | None:
    """Return ``body`` with "." as its decimal mark and no group marks, or None when it is no number."""
    whole, fraction = body, ""
    if decimal_mark is not None:
        whole, _, fraction = body.rpartition(decimal_mark)
    group_marks = {mark for mark in ".," if mark in whole}
    if len(group_marks) > 1 or decimal_mark in group_marks:
        return None
    if group_marks:
        ungrouped = _grouped(whole, group_marks.pop())
        if ungrouped is None:
            return None
        whole = ungrouped
    if not (whole or fraction) or not _ASCII_DIGITS.issuperset(whole + fraction):
        return None
    return f"{whole or '0'}.{fraction or '0'}"


def _number(text: str, sign: str, plain: str | None, what: str) -> Decimal:
    if plain is None or len(plain) > 40:
        raise InvalidInput(what)
    try:
        value = Decimal(sign + plain)
    except InvalidOperation as error:
        raise InvalidInput(what) from error
    if len(plain.rpartition(".")[2].rstrip("0")) > DECIMALS:
        raise InvalidInput(
            tr("“{text}” has more than six decimals.", text=text.strip()[:40]),
        )
    return value


def parse_price(text: str) -> Decimal:
    """Return the price typed in ``text``, as ux.md 5.5 settles it, in every language.

    With both "." and "," the last one is the decimal mark; one of them once is the decimal mark; more than once it parts
    groups of three.

    Raises:
        InvalidInput: when it is no price: no number, more than six decimals, or out of range.
    """
    what = tr("“{text}” is not a price.", text=text.strip()[:40])
    sign, body = _strip(text)
    dots, commas = body.count("."), body.count(",")
    mark: str | None = None
    if dots and commas:
        mark = max(".,", key=body.rfind)
    elif dots + commas == 1:
        mark = "." if dots else ","
    value = _number(text, sign, _plain(body, mark), what)
    if abs(value) * MICRO > MAX_PRICE_MICRO:
        raise InvalidInput(tr("“{text}” is too high for a price.", text=text.strip()[:40]))
    return value


def parse_amount(text: str) -> Decimal:
    """Return the amount typed in ``text``, as ux.md 5.5 settles it: "1,000" and "1.000" are one thousand.

    Both marks: the last is the decimal mark. One mark followed by one or two digits is the decimal mark. Groups of exactly
    three digits are groups. Anything else is refused. A program that writes six decimals ("50.000000") is understood: a
    point followed by four to six digits cannot part a group.

    Raises:
        InvalidInput: when it is no amount or out of range.
    """
    what = tr("“{text}” is not an amount.", text=text.strip()[:40])
    sign, body = _strip(text)
    dots, commas = body.count("."), body.count(",")
    mark: str | None = None
    if dots and commas:
        mark = max(".,", key=body.rfind)
    elif dots + commas == 1:
        used = "." if dots else ","
        decimals = len(body.rpartition(used)[2])
        if decimals in (1, 2) or (used == "." and 4 <= decimals <= DECIMALS):
            mark = used
    value = _number(text, sign, _plain(body, mark), what)
    if abs(value) * MICRO > MAX_AMOUNT_MICRO:
        raise InvalidInput(tr("“{text}” is too large an amount.", text=text.strip()[:40]))
    return value


_RATE: Final = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,12})?")


def parse_rate(text: str) -> Decimal:
    """Return the exchange rate typed in ``text``: a plain decimal above 0, one mark, no groups.

    Raises:
        InvalidInput: when it is none.
    """
    body = text.strip()
    value = Decimal(body.replace(",", ".")) if _RATE.fullmatch(body) and body.isascii() else Decimal(0)
    if value <= 0:
        raise InvalidInput(tr("“{text}” is not an exchange rate. Use one like 0.92.", text=body[:40]))
    return value
