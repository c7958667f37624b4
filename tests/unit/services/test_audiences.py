"""Everybody a message is for: read from many places, each number once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.destinations import Fault
from desktop_app.domain.errors import Cancelled
from desktop_app.services.audiences import Audience, Source, SourceKind, merge, read_source
from desktop_app.services.job import Job
from desktop_app.services.recipient_blocks import Entries


def source(*texts: str, fields: tuple[dict[str, str], ...] | None = None) -> Source:
    return Source(SourceKind.PASTED, "", Entries(texts, tuple(range(1, len(texts) + 1)), fields))


def audience(*sources: Source, country: str | None = "DE") -> Audience:
    return merge([read_source(one, country, Job()) for one in sources])


def test_a_number_counts_once_across_all_sources_and_the_first_keeps_its_fields() -> None:
    first = source("+49 151 23450001", "0151 23450002", fields=({"name": "Ada"}, {}))
    second = source(
        "004915123450001",
        "+49 (0)151 23450003",
        "tel:+49-151-23450002",
        fields=({"name": "X"}, {"name": "Christopher"}, {}),
    )
    found = audience(first, second)
    assert found.numbers == ("+4915123450001", "+4915123450002", "+4915123450003")
    assert found.fields == ({"name": "Ada"}, {}, {"name": "Christopher"})
    assert (found.duplicates, found.invalid, found.longest) == (2, (), {"name": "Christopher"})
    assert found.having == {"name": 2}


def test_invalid_entries_say_where_they_stand_and_what_is_wrong() -> None:
    given = source("0151 555 01", "+44 20 7946 0018", "katharina@aurora", "+49 151 23450001")
    found = audience(given)
    assert [(one.source is given, one.place, one.line, one.text, one.fault) for one in found.invalid] == [
        (True, 0, 1, "0151 555 01", Fault.UNUSED),
        (True, 1, 2, "+44 20 7946 0018", Fault.LANDLINE),
        (True, 2, 3, "katharina@aurora", Fault.LETTERS),
    ]
    assert audience(source("0151 23450001"), country=None).invalid[0].fault is Fault.NO_COUNTRY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("+0151", Fault.ZERO), ("1" * 16, Fault.LONG), ("9" * 65, Fault.LONG), ("+49 151", Fault.SHORT), ("?", Fault.CHARACTERS),
        ("+4915123450001+4915123450002", Fault.SEVERAL), ("+999 123456", Fault.UNASSIGNED), ("+883510000000091", Fault.INTERNATIONAL),
        ("+49 900 1234567", Fault.SERVICE), (" , ", Fault.MISSING),
    ],
)  # fmt: skip
def test_every_fault_has_its_name(text: str, fault: Fault) -> None:
    assert audience(source(text)).invalid[0].fault is fault


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(0, 60))
def test_valid_duplicate_and_invalid_make_up_everybody(places: list[int], cut: int) -> None:
    texts = [f"+49 151 234500{place:02d}" if place < 35 else f"bad {place}" for place in places]
    found = audience(source(*texts[:cut]), source(*texts[cut:]))
    assert len(found.numbers) + found.duplicates + len(found.invalid) == len(texts)
    assert len(set(found.numbers)) == len(found.numbers) == len({place for place in places if place < 35})


def test_reading_reports_progress_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    job = Job(lambda done, total, _label: seen.append((done, total)))
    read_source(source(*["0151 23450001"] * 5000), "DE", job, before=100, total=9000)
    assert seen == [(100, 9000), (2100, 9000), (4100, 9000)]
    job.cancel()
    with pytest.raises(Cancelled):
        read_source(source("0151 23450001"), "DE", job)
