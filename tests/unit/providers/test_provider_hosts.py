"""Where a secret may travel."""

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.providers.hosts import checked_base_url, is_sandbox, may_connect, origin_of

SUFFIXES = ("twilio.com",)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://api.twilio.com", "https://api.twilio.com"),
        ("https://api.twilio.com/", "https://api.twilio.com"),
        ("  https://api.twilio.com  ", "https://api.twilio.com"),
        ("HTTPS://API.Twilio.COM", "https://api.twilio.com"),
        ("https://api.twilio.com:443", "https://api.twilio.com"),
        ("https://api.dublin.ie1.twilio.com/v1/", "https://api.dublin.ie1.twilio.com/v1"),
        ("https://twilio.com", "https://twilio.com"),
        ("http://127.0.0.1:8025/twilio/", "http://127.0.0.1:8025/twilio"),
        ("http://127.8.9.10:1", "http://127.8.9.10:1"),
        ("http://localhost:65535/Twilio", "http://localhost:65535/Twilio"),
        ("http://[::1]:8025/twilio", "http://[::1]:8025/twilio"),
        ("http://127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_a_good_address_has_one_spelling(typed: str, stored: str) -> None:
    assert checked_base_url(typed, SUFFIXES) == stored
    assert checked_base_url(stored, SUFFIXES) == stored
    assert is_sandbox(stored) is stored.startswith("http:")


BAD = [
    "",
    " ",
    "api.twilio.com",
    "//api.twilio.com",
    "http://api.twilio.com",
    "ftp://api.twilio.com",
    "file:///etc/passwd",
    "data:text/plain,x",
    "javascript:alert(1)",
    "gopher://api.twilio.com",
    "https://",
    "https:///api.twilio.com",
    "https:/api.twilio.com",
    "https:api.twilio.com",
    "https://api.twilio.com@evil.io",
    "https://user:password@api.twilio.com",
    "https://api.twilio.com.evil.io",
    "https://eviltwilio.com",
    "https://evil.io/api.twilio.com",
    "https://evil#.twilio.com",
    "https://evil?.twilio.com",
    "https://evil.io\\.twilio.com",
    "\\\\evil.twilio.com",
    "https://api.twilio.com.",
    "https://.twilio.com",
    "https://аpi.twilio.com\u0430",
    "https://twilio.cоm",
    "https://xn--wilio-9ve.com",
    "https://127.0.0.1",
    "https://[::1]",
    "http://0.0.0.0",
    "http://0",
    "http://127.1",
    "http://2130706433",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://127.0.0.01",
    "http://[::ffff:127.0.0.1]",
    "http://[fe80::1%25eth0]",
    "http://169.254.169.254",
    "http://metadata.google.internal",
    "http://10.0.0.1",
    "http://172.16.0.1",
    "http://192.168.0.1",
    "http://100.64.0.1",
    "http://localhost.evil.io",
    "http://127.0.0.1.evil.io",
    "https://api.twilio.com:22",
    "https://api.twilio.com:80",
    "https://api.twilio.com:0",
    "https://api.twilio.com:65536",
    "https://api.twilio.com:-1",
    "https://api.twilio.com:٤٤٣",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:99999",
    "https://api.twilio.com/?x=1",
    "https://api.twilio.com/#x",
    "https://api.twilio.com/a b",
    "https://api.twilio.com/../x",
    "https://api.twilio.com/./x",
    "https://api.twilio.com//x",
    "https://api.twilio.com/%2e%2e",
    "https://api.twilio.com\r\nX-Injected: 1",
    "https://api.twilio.com\n",
    "\thttps://api.twilio.com",
    "https://api.twi\u200blio.com",
    "https://api.twilio.com/" + "a" * 8192,
]


@pytest.mark.parametrize("typed", BAD)
def test_any_other_address_is_refused_with_one_sentence(typed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked_base_url(typed, SUFFIXES)
    assert caught.value.fields["base_url"] == caught.value.user_message
    assert caught.value.user_message.endswith(".")
    assert "twilio.com" in caught.value.user_message


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.twilio.com/x?y=1", "https://api.twilio.com:443"),
        ("https://API.twilio.com:443", "https://api.twilio.com:443"),
        ("http://127.0.0.1:8025/twilio", "http://127.0.0.1:8025"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("https://api.twilio.com@evil.io/", None),
        ("https://evil.io\\@api.twilio.com/", None),
        ("//api.twilio.com", None),
        ("/2010-04-01", None),
        ("javascript:alert(1)", None),
        ("https://api.twilio.com:99999", None),
        ("https://[bad", None),
        ("", None),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("scheme", "address", "allowed"),
    [
        ("http", "127.0.0.1", True),
        ("http", "::1", True),
        ("http", "10.0.0.1", False),
        ("http", "8.8.8.8", False),
        ("https", "8.8.8.8", True),
        ("https", "2606:4700::1111", True),
        ("https", "127.0.0.1", False),
        ("https", "::1", False),
        ("https", "::ffff:127.0.0.1", False),
        ("https", "10.0.0.1", False),
        ("https", "172.16.0.1", False),
        ("https", "192.168.1.1", False),
        ("https", "100.64.0.1", False),
        ("https", "169.254.169.254", False),
        ("https", "fe80::1%eth0", False),
        ("https", "0.0.0.0", False),
        ("https", "224.0.0.1", False),
    ],
)
def test_a_public_name_may_not_resolve_into_a_private_network(scheme: str, address: str, allowed: bool) -> None:
    assert may_connect(scheme, address) is allowed
