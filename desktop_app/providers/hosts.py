"""Where a secret may travel: the rules for a provider account's base URL (reliability.md 6.7, decisions.md 21).

A base URL is https on the driver's own hosts, or http on this computer, which marks the account as a sandbox.
"""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

_MAX_LENGTH: Final = 200
# Plain ASCII only: userinfo, query, fragment, backslash, blanks and look-alike letters have no place in it.
_BASE_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9][a-z0-9.-]*|\[::1\])(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[a-z0-9._~-]+)*)/?",
    re.IGNORECASE | re.ASCII,
)


def checked_base_url(text: str, host_suffixes: Sequence[str]) -> str:
    """Return the base URL in ``text``: lower-case scheme and host, no default port, no trailing slash.

    Args:
        text: as typed or stored.
        host_suffixes: the driver's own domains, like ``("twilio.com",)``; a host is one of them or below one.

    Raises:
        InvalidInput: when the secret would travel anywhere else.
    """
    match = _BASE_URL.fullmatch(text.strip(" ")) if len(text) <= _MAX_LENGTH else None
    if match is not None:
        scheme, host, path = match["scheme"].lower(), match["host"].lower(), match["path"]
        port = int(match["port"]) if match["port"] else None
        if _allowed(scheme, host, port, host_suffixes) and not {".", ".."} & set(path.split("/")):
            shown_port = "" if port is None or scheme == "https" else f":{port}"
            return f"{scheme}://{host}{shown_port}{path}"
    sentence = tr(
        "The address must begin with https:// and end in {hosts}, or be http:// on this computer (127.0.0.1) for a sandbox.",
        hosts=tr(" or ").join(host_suffixes),
    )
    raise InvalidInput(sentence, fields={"base_url": sentence})


def is_sandbox(url: str) -> bool:
    """Return whether ``url`` leads to this computer, so that nothing real is sent."""
    parts = urlsplit(url)
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def origin_of(url: str) -> str | None:
    """Return scheme, host and port of ``url`` in one spelling, for comparing where two addresses lead.

    None when it is no absolute http or https address, or carries a user name.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port or (443 if parts.scheme == 'https' else 80)}"


def may_connect(scheme: str, address: str) -> bool:
    """Return whether a connection to the resolved IP ``address`` may be opened.

    A public name that resolves into a private network, to this computer or to a cloud's metadata service is an attack or a
    broken resolver, and http is for this computer only.
    """
    ip = ipaddress.ip_address(address)
    return ip.is_loopback if scheme == "http" else ip.is_global and not ip.is_multicast


def _allowed(scheme: str, host: str, port: int | None, host_suffixes: Sequence[str]) -> bool:
    if scheme == "http":
        return _is_loopback(host) and (port is None or 1 <= port <= 65535)
    return port in (None, 443) and any(host == suffix or host.endswith("." + suffix) for suffix in host_suffixes)


def _is_loopback(host: str) -> bool:
    if host in ("localhost", "[::1]", "::1"):
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
