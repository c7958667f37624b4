"""Many calls side by side, and listings page by page."""

import threading
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from desktop_app.domain.errors import Cancelled, ProviderAnswerError
from desktop_app.providers.lookups import in_order
from desktop_app.providers.paging import MAX_PAGES, read_pages

ROOT = "http://127.0.0.1:1/twilio"


def test_answers_come_in_order_whichever_is_first_ready() -> None:
    second_done = threading.Event()

    def call(item: int) -> int:
        if item == 0:
            assert second_done.wait(5)
        elif item == 1:
            second_done.set()
        return item * 10

    assert list(in_order(call, range(50), threads=4)) == [item * 10 for item in range(50)]


def test_no_more_calls_run_at_once_than_allowed() -> None:
    lock = threading.Lock()
    running: list[int] = []
    most = 0

    def call(item: int) -> int:
        nonlocal most
        with lock:
            running.append(item)
            most = max(most, len(running))
        with lock:
            running.remove(item)
        return item

    list(in_order(call, range(200), threads=3))
    assert 1 <= most <= 3


def test_the_first_error_stops_the_rest() -> None:
    called: list[int] = []

    def call(item: int) -> int:
        called.append(item)
        if item == 5:
            raise ProviderAnswerError("broken")
        return item

    seen: list[int] = []
    with closing(in_order(call, range(1000), threads=4)) as answers, pytest.raises(ProviderAnswerError):
        seen.extend(answers)
    assert seen == [0, 1, 2, 3, 4]
    assert len(called) < 100


def test_waiting_can_be_cancelled_while_an_answer_is_missing() -> None:
    release = threading.Event()

    def while_waiting(done: int) -> None:
        release.set()
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        list(in_order(lambda _: release.wait(10), range(100), threads=2, while_waiting=while_waiting))


def test_no_items_make_no_call() -> None:
    assert list(in_order(lambda item: item, ())) == []


class Listing:
    def __init__(self, pages: Mapping[str, Mapping[str, Any]]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def get(self, url: str) -> Mapping[str, Any]:
        self.asked.append(url)
        return self.pages[url]

    def read(self, root: str = ROOT) -> list[Mapping[str, Any]]:
        return list(read_pages(self.get, root, root + "/list", lambda page: page.get("next", False)))


@pytest.mark.parametrize(
    ("root", "link", "url"),
    [
        (ROOT, "/list?Page=1", ROOT + "/list?Page=1"),
        (ROOT, "/twilio/list?Page=1", ROOT + "/list?Page=1"),
        (ROOT, ROOT + "/list?Page=1", ROOT + "/list?Page=1"),
        ("https://api.twilio.com", "/list?Page=1", "https://api.twilio.com/list?Page=1"),
        ("https://api.twilio.com", "https://api.twilio.com:443/list", "https://api.twilio.com:443/list"),
        ("https://api.twilio.com", "//evil.io/list", "https://api.twilio.com//evil.io/list"),
    ],
)
def test_links_are_followed_on_the_same_host(root: str, link: str, url: str) -> None:
    listing = Listing({root + "/list": {"next": link}, url: {"next": None}})
    assert len(listing.read(root)) == 2
    assert listing.asked == [root + "/list", url]


@pytest.mark.parametrize("end", [None, ""])
def test_a_listing_ends_where_it_says_so(end: object) -> None:
    assert Listing({ROOT + "/list": {"next": end}}).read() == [{"next": end}]


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:2/twilio/list",
        "https://127.0.0.1:1/twilio/list",
        "http://evil.io/list",
        "http://127.0.0.1:1@evil.io/list",
        "list?Page=1",
        "javascript:alert(1)",
        5,
        [],
        "/" + "a" * 5000,
    ],
)
def test_a_link_to_elsewhere_is_refused(link: object) -> None:
    with pytest.raises(ProviderAnswerError):
        Listing({ROOT + "/list": {"next": link}}).read()


def test_a_listing_that_does_not_say_where_it_goes_on_is_not_taken_for_complete() -> None:
    with pytest.raises(ProviderAnswerError):
        Listing({ROOT + "/list": {}}).read()


def test_a_circle_is_noticed() -> None:
    pages = {ROOT + "/list": {"next": "/b"}, ROOT + "/b": {"next": "/list"}}
    listing = Listing(pages)
    with pytest.raises(ProviderAnswerError):
        listing.read()
    assert len(listing.asked) == 2


def test_a_listing_without_end_is_given_up() -> None:
    asked = 0

    def get(url: str) -> Mapping[str, Any]:
        nonlocal asked
        asked += 1
        return {"next": f"/page/{asked}"}

    with pytest.raises(ProviderAnswerError):
        list(read_pages(get, ROOT, ROOT + "/list", lambda page: page["next"]))
    assert asked == MAX_PAGES
