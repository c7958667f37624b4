"""Finding messages: by number in any form, by id, by text and client; narrowed, counted, paged, and written to files."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from desktop_app.domain.errors import Cancelled
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import Bucket, MessageStatus
from desktop_app.services.job import Job
from desktop_app.services.message_search import MessageSearchService, Wanted, with_text
from tests.fixtures.application import Desk, german

S = MessageStatus


@pytest.fixture
def search(desk: Desk) -> MessageSearchService:
    """Three batches: 6 delivered or failed, 3 to Britain, 2 of another client that still wait."""
    desk.queue(german(6), text="Winter offer")
    desk.drain()
    desk.application.receipts.poll_once(Job())
    desk.queue(["+447400900111", "+447400900112", "+447400900113"], text="Your code is 482913")
    desk.application.clients.add("Bluecart", actor="anna")
    desk.application.credits.top_up("Bluecart", 10, reason="first", actor="anna")  # type: ignore[arg-type]
    desk.application.sender_ids.request("Bluecart", "BLUECART", actor="anna")
    desk.queue(german(2, start=900), client="Bluecart", sender="BLUECART", text="Parcel 77 100% & <b>bold</b>")
    return desk.application.message_search


def numbers(lines: list[MessageLine]) -> list[str]:
    return [line.to for line in lines]


@pytest.mark.parametrize(
    "typed", ["+44 7400 900112", "0044 7400-900112", "07400 900 112", "900112", "+447400900112", "  +44 (7400) 900112 "]
)
def test_a_number_is_found_in_any_form(search: MessageSearchService, typed: str) -> None:
    assert numbers(search.page(with_text(Wanted(), typed))) == ["+447400900112"]


def test_the_start_of_a_number_finds_all_that_begin_so(search: MessageSearchService) -> None:
    assert len(search.page(with_text(Wanted(), "+44"))) == 3
    assert len(search.page(with_text(Wanted(), "0049 151"))) == 8


def test_our_id_and_the_providers_id_find_one(search: MessageSearchService, desk: Desk) -> None:
    newest = search.page(Wanted())[0]
    sid = desk.query("SELECT provider_message_id FROM attempt_part ORDER BY attempt_id")[2][0]

    assert [line.message_id for line in search.page(with_text(Wanted(), f"#{newest.message_id}"))] == [
        newest.message_id
    ]
    found = search.page(with_text(Wanted(), sid))
    assert [desk.application.delivery.timeline(one.message_id).row.provider_message_id for one in found] == [sid]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("winter", 6),
        ("482913", 0),
        ("code is 4829", 3),
        ("bluecart", 2),
        ("100%", 2),
        ("<b>bold", 2),
        ("10_%", 0),
        ("no", 0),
    ],
)
def test_texts_and_clients_are_found_as_they_are_typed(search: MessageSearchService, typed: str, count: int) -> None:
    assert len(search.page(with_text(Wanted(), typed))) == count


def test_filters_narrow_and_the_counts_stay_those_of_all_statuses(search: MessageSearchService, desk: Desk) -> None:
    counts = search.counts(Wanted(statuses=frozenset({S.QUEUED})))
    assert counts.total == 11
    assert counts.of_bucket(Bucket.WAITING) == 5 + counts.by_status.get(S.SENT, 0)
    assert sum(counts.of_bucket(bucket) for bucket in Bucket) == 11
    assert counts.of(Wanted(statuses=frozenset({S.QUEUED}))) == 5
    assert search.counts(Wanted(client="Bluecart")).by_status == {S.QUEUED: 2}
    assert search.counts(Wanted(country="GB")).total == 3
    assert search.counts(Wanted(provider="Main")).total == 11
    assert search.counts(Wanted(provider="Other")).total == 0
    assert search.counts(Wanted(batch_id=1)).total == 6
    now = desk.application.clock()
    assert search.counts(Wanted(since=now + timedelta(minutes=1))).total == 0
    assert search.counts(Wanted(since=now - timedelta(minutes=5))).total == 11


def test_pages_follow_each_other_whichever_way_they_are_read(search: MessageSearchService) -> None:
    everything = search.page(Wanted())
    assert [line.message_id for line in everything] == sorted((line.message_id for line in everything), reverse=True)
    after = search.page(Wanted(), 4, below_id=everything[3].message_id)
    skipped = search.page(Wanted(), 4, skip=4)
    assert after == skipped == everything[4:8]


def test_what_is_moving_and_what_has_no_report(search: MessageSearchService, desk: Desk) -> None:
    assert search.is_moving()
    assert search.newest_id() == search.page(Wanted())[0].message_id
    assert search.missing_reports(desk.application.clock() + timedelta(hours=2)).count == search.counts(
        Wanted()
    ).by_status.get(S.SENT, 0)
    assert search.countries() == ["DE", "GB"]


def words(line: MessageLine) -> tuple[str, str, str]:
    return line.country, line.status.value, line.reason


@pytest.mark.parametrize("name", ["found.csv", "found.xlsx"])
def test_what_is_filtered_is_written_to_a_file(
    search: MessageSearchService, desk: Desk, tmp_path: Path, name: str
) -> None:
    desk.queue(german(1, start=700), text="=1+1 is a formula")
    target = tmp_path / name

    count = search.export(target, Wanted(statuses=frozenset({S.QUEUED})), Job(), words)

    assert count == 6
    if name.endswith("csv"):
        rows = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    else:
        rows = [
            [str(cell) for cell in row] for row in CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python()
        ]
    assert len(rows) == 7
    text = rows[0].index("text" if name.endswith("csv") else "Text")
    assert rows[1][text] == "'=1+1 is a formula"
    assert {row[text] for row in rows[1:]} >= {"Parcel 77 100% & <b>bold</b>", "Your code is 482913"}
    assert "+447400900111" in {row[6] for row in rows[1:]}


def test_a_cancelled_export_leaves_no_file(search: MessageSearchService, tmp_path: Path) -> None:
    job = Job()
    job.cancel()

    with pytest.raises(Cancelled):
        search.export(tmp_path / "found.csv", Wanted(), job, words)
    assert list(tmp_path.glob("*.csv")) == []
