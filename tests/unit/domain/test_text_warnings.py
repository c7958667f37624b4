"""Short links, capitals and opt-out wording are found where they are, and nowhere else."""

import pytest

from desktop_app.domain.text_warnings import asks_for_opt_out, is_shouted, shorteners_in, tells_how_to_opt_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://bit.ly/x1 and bit.ly/x2", ("bit.ly",)),
        ("See HTTP://WWW.TinyURL.com/abc?d", ("tinyurl.com",)),
        ("t.co/1 then is.gd/2.", ("t.co", "is.gd")),
        ("https://shop.example/bit.ly/x", ()),
        ("https://bit.ly.example/x and mybit.ly/x", ()),
        ("write to ana@bit.ly", ()),
        ("at.co is ours", ()),
        ("", ()),
    ],
)
def test_public_shorteners_are_named_once(text: str, found: tuple[str, ...]) -> None:
    assert shorteners_in(text) == found


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("LAST CHANCE: 20% OFF TODAY", True),
        ("SON ŞANS: BUGÜN %20 İNDİRİM", True),
        ("Last chance: 20% off today", False),
        ("OTP 123456", False),
        ("{first_name} {last_name} {company_name}", False),
        ("DEAR {first_name}, YOUR ORDER LEFT", True),
        ("مرحبا بكم في متجرنا الجديد", False),
        ("", False),
    ],
)
def test_capitals_are_noticed_when_nearly_everything_is_one(text: str, shouted: bool) -> None:
    assert is_shouted(text) is shouted


@pytest.mark.parametrize(
    "text", ["Reply STOP to end", "Stop au 36179", "Abmelden: STOPP", "İptal için RET yaz", "opt-out: 1"]
)
def test_the_way_out_is_recognised(text: str) -> None:
    assert tells_how_to_opt_out(text)


@pytest.mark.parametrize("text", ["Our shop is nonstop open", "The bus stops here", ""])
def test_words_that_only_look_like_it_are_none(text: str) -> None:
    assert not tells_how_to_opt_out(text)


def test_a_rule_asks_for_it_in_words() -> None:
    assert asks_for_opt_out("Marketing texts must carry STOP wording")
    assert asks_for_opt_out("Needs an opt-out line")
    assert not asks_for_opt_out("No gambling")
