"""Reading a listing page by page: to its end, on its own host, or not at all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.domain.language import tr
from desktop_app.providers.hosts import origin_of

MAX_PAGES: Final = 1000
_MAX_LINK_LENGTH: Final = 4000

Document = Mapping[str, Any]


def read_pages(
    get: Callable[[str], Document], root: str, first_url: str, next_link: Callable[[Document], object]
) -> Iterator[Document]:
    """Yield every page of a listing.

    Args:
        get: fetches one page.
        root: the address below which relative links hang, without a trailing slash.
        first_url: of the first page.
        next_link: the link to the page after this one: None or "" after the last. Anything that is not text, like a
            missing field turned into False, is an error.

    Raises:
        ProviderAnswerError: when the listing does not say where it goes on, leads to another host, turns in a circle or has
            more than 1,000 pages; it never just ends early, because what is missing in a listing is taken for not there.
    """
    seen: set[str] = set()
    url: str | None = first_url
    while url is not None:
        if url in seen or len(seen) >= MAX_PAGES:
            raise ProviderAnswerError(tr("The provider's listing does not end."))
        seen.add(url)
        page = get(url)
        yield page
        url = _absolute(root, next_link(page))


def _absolute(root: str, link: object) -> str | None:
    if link is None or link == "":
        return None
    if isinstance(link, str) and len(link) <= _MAX_LINK_LENGTH:
        if link.startswith("/"):
            prefix = urlsplit(root).path
            inside = prefix and link.startswith(prefix + "/")
            return (root.removesuffix(prefix) if inside else root) + link
        if origin_of(link) == origin_of(root):
            return link
    raise ProviderAnswerError(tr("The provider's listing does not say where it goes on, or leads to another host."))
