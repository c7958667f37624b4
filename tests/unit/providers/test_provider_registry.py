"""The table of drivers and what an account must look like."""

from collections.abc import Mapping

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.providers.base import Provider, ProviderAccount
from desktop_app.providers.registry import DRIVERS, checked_account, driver_of, open_provider

SID = "AC" + "0123456789abcdef" * 2


def account(
    *,
    kind: str = "twilio",
    base_url: str = "",
    settings: Mapping[str, str] | None = None,
    secret: str = "token-of-the-account",
) -> ProviderAccount:
    return ProviderAccount("main", kind, base_url, {"account_sid": SID} if settings is None else settings, secret)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="twilio") as caught:
        driver_of("carrier-pigeon")
    assert set(caught.value.fields) == {"kind"}


def test_every_driver_describes_itself() -> None:
    for kind, driver in DRIVERS.items():
        assert driver.kind == kind
        assert [field.key for field in driver.fields if field.secret] == ["secret"]
        assert all(root.startswith("https://") for root in driver.roots(driver.default_base_url))


def test_an_empty_base_url_is_the_real_service_and_settings_are_trimmed() -> None:
    checked = checked_account(account(settings={"account_sid": f" {SID} "}))
    assert checked.base_url == "https://api.twilio.com"
    assert checked.settings == {"account_sid": SID}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"settings": {}}, "account_sid"),
        ({"settings": {"account_sid": ""}}, "account_sid"),
        ({"settings": {"account_sid": "AC123"}}, "account_sid"),
        ({"settings": {"account_sid": SID + "0"}}, "account_sid"),
        ({"settings": {"account_sid": "SK" + SID[2:]}}, "account_sid"),
        ({"settings": {"account_sid": "AC" + "g" * 32}}, "account_sid"),
        ({"settings": {"account_sid": SID + "\n0"}}, "account_sid"),
        ({"settings": {"account_sid": "AC../../../../../../../../../.."}}, "account_sid"),
        ({"settings": {"account_sid": SID, "region": "ie1"}}, "region"),
        ({"settings": {"account_sid": SID, "secret": "token"}}, "secret"),
        ({"secret": ""}, "secret"),
        ({"secret": "to\x00ken"}, "secret"),
        ({"secret": "to\nken"}, "secret"),
        ({"secret": "x" * 5000}, "secret"),
        ({"base_url": "https://evil.io"}, "base_url"),
        ({"base_url": "http://api.twilio.com"}, "base_url"),
        ({"kind": "nothing"}, "kind"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_provider(account(**changes))  # type: ignore[arg-type]
    assert set(caught.value.fields) == {field}
    assert "token-of-the-account" not in str(caught.value)


def test_an_opened_provider_carries_its_secret_to_its_own_hosts_only() -> None:
    provider: Provider = open_provider(account())
    fetch = provider._fetch  # type: ignore[attr-defined]
    assert fetch._origins == {"https://api.twilio.com:443", "https://pricing.twilio.com:443"}
    sandbox = open_provider(account(base_url="http://127.0.0.1:5/twilio"))
    assert sandbox._fetch._origins == {"http://127.0.0.1:5"}  # type: ignore[attr-defined]


def test_neither_an_account_nor_its_provider_shows_the_secret() -> None:
    shown = account()
    assert "token-of-the-account" not in repr(shown)
    assert "token-of-the-account" not in repr(open_provider(shown))
