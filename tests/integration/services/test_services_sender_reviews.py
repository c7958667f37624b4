"""Deciding on sender IDs: the queue, documents, decisions with their grace time, what dates bring, and the country rules."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.sender_checks import CheckKind
from desktop_app.domain.sender_documents import DocumentState, Purpose, words_for
from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus, SenderRule
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.send_orders import NothingToSend
from desktop_app.services.sender_dates import SenderDatesService
from desktop_app.services.sender_decisions import Decision, SenderDecisionsService
from desktop_app.services.sender_ids import Paper, SenderIDsService
from desktop_app.services.sender_papers import SenderPapersService
from desktop_app.services.sender_reviews import QueueItem, SenderReviewsService
from desktop_app.services.sending import SendingService
from tests.fixtures.application import Desk

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
YES = Decision(ApprovalStatus.APPROVED)


class Compliance:
    """The services of sender IDs on a clock of their own.

    Attributes:
        now: what the clock shows.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.now, self._folder, self.desk = MONDAY, folder, desk
        database = desk.application.database
        self.senders = SenderIDsService(database, self.clock)
        self.reviews = SenderReviewsService(database, self.clock)
        self.decisions = SenderDecisionsService(database, self.clock)
        self.papers = SenderPapersService(database, self.clock)
        self.dates = SenderDatesService(database, self.clock)
        self.rules = CountryRulesService(database, self.clock)

    def clock(self) -> datetime:
        """The time."""
        return self.now

    def paper(self, purpose: Purpose, name: str = "") -> Paper:
        """A small document, other bytes for each purpose and name."""
        path = self._folder / (name or f"{purpose.value or 'document'}.pdf")
        path.write_bytes(PDF.replace(b"\n%%EOF", f"% {purpose} {name}\n%%EOF".encode()))
        return Paper(path, purpose)

    def request(self, sender: str, countries: str, *purposes: Purpose, client: str = "Aurora") -> int:
        """Request a sender ID and return its number."""
        papers = [self.paper(purpose) for purpose in purposes]
        self.senders.request(client, sender, countries=countries.split(), documents=papers, actor="lena")
        found = self.reviews.find(client, sender)
        assert found is not None
        return found

    def statuses(self, sender_id: int) -> dict[str, str]:
        """How a sender ID stands by country."""
        return {one.country: one.approval.status.value for one in self.reviews.request(sender_id).countries}

    def refused(self, number: str) -> list[str]:
        """Why a message of AURORA to a number would not be sent now."""
        sending = SendingService(self.desk.application.database, self.clock)
        try:
            sheet = sending.preflight(self.desk.order([number]))
        except NothingToSend as nothing:
            return [one.reason for one in nothing.not_sent]
        return [one.reason for one in sheet.not_sent]

    def mails(self) -> list[tuple[str, str, str]]:
        """The outbox: (status, receiver, subject)."""
        rows = self.desk.query("SELECT status, recipient, subject FROM mail_outbox ORDER BY id")
        return [(str(one), str(two), str(three)) for one, two, three in rows]

    def set_mail(self, address: str, language: str = "") -> None:
        """Give Aurora an address."""
        self.desk.query(f"UPDATE client SET email = '{address}', language = '{language}' WHERE name = 'Aurora'")


@pytest.fixture
def compliance(desk: Desk, tmp_path: Path) -> Compliance:
    return Compliance(desk, tmp_path)


def item_of(compliance: Compliance, sender: str) -> QueueItem:
    return next(one for one in compliance.reviews.queue() if one.sender == sender)


def test_the_queue_begins_with_what_is_over_its_target_then_the_oldest(compliance: Compliance) -> None:
    compliance.now = MONDAY - timedelta(days=3)  # a Friday: its working day ends on Monday
    compliance.request("FRIDAY", "TR")
    compliance.now = MONDAY - timedelta(days=4)
    compliance.request("THURSDAY", "TR")
    compliance.now = MONDAY - timedelta(hours=2)
    compliance.request("NEW", "TR")
    compliance.now = MONDAY - timedelta(minutes=5)

    assert [one.sender for one in compliance.reviews.queue()] == ["THURSDAY", "FRIDAY", "NEW"]
    due = {one.sender: one.due_at for one in compliance.reviews.queue()}
    assert due["FRIDAY"] == MONDAY
    assert due["THURSDAY"] == MONDAY - timedelta(days=3)


def test_a_country_lists_what_it_asks_for_and_what_is_missing(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "AE KW SA NO", Purpose.AUTHORISATION, Purpose.CONTENT)

    request = compliance.reviews.request(number)

    missing = {one.country: [need.purpose for need in one.missing] for one in request.countries}
    assert missing == {"AE": [], "KW": [Purpose.REGISTRATION], "SA": [], "NO": []}
    assert [one.country for one in request.countries] == ["AE", "KW", "SA", "NO"]
    item = item_of(compliance, "AURORAX")
    assert (item.documents_here, item.documents_needed, item.open_countries) == (2, 3, ("AE", "KW", "SA"))
    with pytest.raises(InvalidInput, match="Company registration"):
        compliance.decisions.decide(number, ["AE", "KW"], YES, actor="berta")
    assert compliance.statuses(number)["AE"] == "pending"


def test_a_refused_or_expired_document_proves_nothing(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "SA", Purpose.AUTHORISATION)
    (letter,) = compliance.reviews.request(number).documents

    compliance.papers.mark_document(number, letter.document_id, DocumentState.REFUSED, actor="berta")
    with pytest.raises(InvalidInput, match="missing"):
        compliance.decisions.decide(number, ["SA"], YES, actor="berta")
    compliance.papers.mark_document(number, letter.document_id, DocumentState.CHECKED, actor="berta")
    compliance.papers.set_validity(number, letter.document_id, MONDAY.date(), actor="berta")
    compliance.now = MONDAY + timedelta(days=2)
    with pytest.raises(InvalidInput, match="missing"):
        compliance.decisions.decide(number, ["SA"], YES, actor="berta")
    (letter,) = compliance.reviews.request(number).documents
    assert (letter.state, letter.state_by) == (DocumentState.EXPIRED, "berta")

    compliance.papers.add_documents(number, [compliance.paper(Purpose.AUTHORISATION, "newer.pdf")], actor="lena")
    compliance.decisions.decide(number, ["SA"], YES, actor="berta")

    assert compliance.statuses(number) == {"SA": "approved"}


def test_documents_of_another_request_are_not_found(compliance: Compliance) -> None:
    first = compliance.request("FIRST", "SA", Purpose.AUTHORISATION)
    second = compliance.request("SECOND", "SA")
    (letter,) = compliance.reviews.request(first).documents

    with pytest.raises(NotFound):
        compliance.papers.content(second, letter.document_id)
    with pytest.raises(NotFound):
        compliance.papers.mark_document(second, letter.document_id, DocumentState.CHECKED, actor="berta")
    with pytest.raises(NotFound):
        compliance.reviews.request(10**9)
    assert compliance.papers.content(first, letter.document_id).startswith(b"%PDF")


def test_a_document_is_saved_as_it_came(compliance: Compliance, tmp_path: Path) -> None:
    number = compliance.request("FIRST", "SA", Purpose.AUTHORISATION)
    (letter,) = compliance.reviews.request(number).documents

    compliance.papers.save_document(number, letter.document_id, tmp_path / "saved.pdf")

    assert (tmp_path / "saved.pdf").read_bytes() == (tmp_path / "authorisation.pdf").read_bytes()


def test_the_client_is_told_after_the_grace_time_and_a_decision_is_taken_back_within_it(compliance: Compliance) -> None:
    compliance.set_mail("lena@aurora.example", "de")
    number = compliance.request("AURORAX", "AE SA", Purpose.AUTHORISATION, Purpose.CONTENT)
    before = compliance.statuses(number)

    decided = compliance.decisions.decide(number, ["AE", "SA"], YES, actor="berta")

    assert compliance.statuses(number) == {"AE": "approved", "SA": "approved"}
    assert compliance.mails() == [("queued", "lena@aurora.example", "Absenderkennung AURORAX ist genehmigt")]
    assert decided.leaves_at == MONDAY + timedelta(seconds=10)
    compliance.decisions.undo(decided, actor="berta")
    assert compliance.statuses(number) == before
    assert [status for status, _, _ in compliance.mails()] == ["cancelled"]
    kinds = [one.kind for one in compliance.reviews.request(number).history]
    assert kinds == ["sender_decision_undone", "sender_approved", "sender_requested"]


def test_what_the_client_was_told_stands(compliance: Compliance) -> None:
    compliance.set_mail("lena@aurora.example")
    number = compliance.request("AURORAX", "SA", Purpose.AUTHORISATION)
    decided = compliance.decisions.decide(number, ["SA"], YES, actor="berta")
    with compliance.desk.application.database.begin() as uow:
        assert uow.mails.claim(MONDAY + timedelta(seconds=11)) is not None

    with pytest.raises(InvalidInput, match="was told"):
        compliance.decisions.undo(decided, actor="berta")

    assert compliance.statuses(number) == {"SA": "approved"}


def test_undoing_does_not_overwrite_what_somebody_decided_meanwhile(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "SA", Purpose.AUTHORISATION)
    decided = compliance.decisions.decide(number, ["SA"], YES, actor="berta")
    compliance.now += timedelta(seconds=3)
    compliance.decisions.decide(number, ["SA"], Decision(ApprovalStatus.REJECTED, note="No."), actor="carl")

    with pytest.raises(InvalidInput, match="meanwhile"):
        compliance.decisions.undo(decided, actor="berta")

    assert compliance.statuses(number) == {"SA": "rejected"}


def test_a_client_without_an_address_is_not_told_and_undo_ends_with_the_grace_time(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "SA", Purpose.AUTHORISATION)
    compliance.decisions.set_grace_seconds(60, actor="anna")
    decided = compliance.decisions.decide(number, ["SA"], YES, actor="berta")
    assert (decided.mail, compliance.mails()) == (None, [])

    compliance.now += timedelta(seconds=61)

    with pytest.raises(InvalidInput, match="stands"):
        compliance.decisions.undo(decided, actor="berta")
    with pytest.raises(InvalidInput, match="10, 30 or 60"):
        compliance.decisions.set_grace_seconds(0, actor="anna")


def test_a_rejection_says_why_in_the_clients_language(compliance: Compliance) -> None:
    compliance.set_mail("lena@aurora.example", "tr")
    number = compliance.request("AURORAX", "TR", Purpose.AUTHORISATION)
    decision = Decision(ApprovalStatus.REJECTED, note="Marka belgesi gerekli.", reason="not_owner")
    address, letter = compliance.decisions.preview(number, ["TR"], decision)

    compliance.decisions.decide(number, ["TR"], decision, actor="berta")

    assert address == "lena@aurora.example"
    assert "Türkiye" in letter.text
    assert "Marka belgesi gerekli." in letter.text
    (entry, _) = compliance.reviews.request(number).history
    assert (entry.actor, entry.detail["reason"], entry.detail["note"]) == (
        "berta",
        "not_owner",
        "Marka belgesi gerekli.",
    )
    ((body,),) = compliance.desk.query("SELECT body FROM mail_outbox")
    assert body == letter.text


def test_at_the_provider_holds_the_day_and_the_answer_that_is_expected(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "TR", Purpose.AUTHORISATION)
    order = Decision(ApprovalStatus.AT_PROVIDER, submitted=date(2026, 11, 20), expected_days=3)

    compliance.decisions.decide(number, ["TR"], order, actor="berta")

    answer = item_of(compliance, "AURORAX").answer_at
    assert answer is not None
    assert answer.date() == date(2026, 11, 25)  # Friday, then Monday, Tuesday, Wednesday
    with pytest.raises(InvalidInput, match="nothing waits"):
        compliance.decisions.decide(number, ["TR"], order, actor="berta")
    later = Decision(ApprovalStatus.AT_PROVIDER, submitted=date(2027, 1, 1))
    with pytest.raises(InvalidInput, match="future"):
        compliance.decisions.decide(number, ["TR"], later, actor="berta")


def test_an_approval_ends_by_its_date_after_one_warning(compliance: Compliance) -> None:
    compliance.set_mail("lena@aurora.example")
    number = compliance.request("AURORAX", "SA", Purpose.AUTHORISATION)
    compliance.decisions.decide(
        number, ["SA"], Decision(ApprovalStatus.APPROVED, until=date(2027, 1, 31)), actor="berta"
    )

    assert compliance.dates.follow() == []
    compliance.now = datetime(2027, 1, 5, tzinfo=UTC)
    (warning,) = compliance.dates.follow()
    assert (warning.has_ended, warning.countries, compliance.dates.follow()) == (False, ("SA",), [])
    assert item_of(compliance, "AURORAX").ends_at is not None
    compliance.now = datetime(2027, 2, 2, tzinfo=UTC)
    (ended,) = compliance.dates.follow()

    assert (ended.has_ended, compliance.statuses(number)) == (True, {"SA": "expired"})
    assert compliance.dates.follow() == []
    assert [subject for _, _, subject in compliance.mails()][1:] == [
        "The approval of sender ID AURORAX ends on 31 January 2027", "The approval of sender ID AURORAX has ended",
    ]  # fmt: skip
    compliance.senders.request("Aurora", "AURORAX", countries=["SA"], actor="lena")
    past = Decision(ApprovalStatus.APPROVED, until=date(2027, 1, 31))
    with pytest.raises(InvalidInput, match="before it begins"):
        compliance.decisions.decide(number, ["SA"], past, actor="berta")


def test_an_approval_that_is_over_sends_nothing_even_before_anybody_wrote_that_down(compliance: Compliance) -> None:
    number = compliance.request("AURORA", "TR", Purpose.AUTHORISATION, Purpose.CONTENT)
    until = Decision(ApprovalStatus.APPROVED, until=date(2026, 12, 1))
    compliance.decisions.decide(number, ["TR"], until, actor="berta")
    assert compliance.refused("+905321234567") == []

    compliance.now = datetime(2026, 12, 3, tzinfo=UTC)

    assert compliance.refused("+905321234567") == ["sender_not_approved"]


def test_asking_for_documents_writes_to_the_client_and_changes_nothing(compliance: Compliance) -> None:
    number = compliance.request("AURORAX", "KW")
    with pytest.raises(InvalidInput, match="no e-mail address"):
        compliance.decisions.ask_for_documents(number, ["KW"], [Purpose.REGISTRATION], "", actor="berta")
    compliance.set_mail("lena@aurora.example")

    asked = compliance.decisions.ask_for_documents(
        number, ["KW"], [Purpose.REGISTRATION], "A scan is enough.", actor="b"
    )

    ((body,),) = compliance.desk.query("SELECT body FROM mail_outbox")
    assert "- Company registration" in body
    assert "A scan is enough." in body
    assert compliance.statuses(number) == {"KW": "pending"}
    compliance.decisions.undo(asked, actor="berta")
    assert [status for status, _, _ in compliance.mails()] == ["cancelled"]


def test_what_a_program_sees_by_itself_informs(compliance: Compliance) -> None:
    compliance.desk.application.clients.add("Aurora Bank", actor="anna")
    bank = compliance.request("AURORABANK", "AE", Purpose.AUTHORISATION, Purpose.CONTENT, client="Aurora Bank")
    compliance.decisions.decide(bank, ["AE"], YES, actor="berta")
    compliance.request("PAYPA1", "AE", client="Aurora Bank")
    number = compliance.request("AURORA", "AE")

    checks = {one.kind: one for one in compliance.reviews.request(number).checks}

    assert checks[CheckKind.CHARACTERS].is_fine
    assert checks[CheckKind.BRAND].is_fine
    alike = checks[CheckKind.ALIKE].other
    assert alike is not None
    assert (alike.client, alike.sender, alike.approved) == ("Aurora Bank", "AURORABANK", ("AE",))
    assert item_of(compliance, "AURORA").has_twin
    paypal = compliance.reviews.find("Aurora Bank", "PAYPA1")
    assert paypal is not None
    assert (
        next(one.text for one in compliance.reviews.request(paypal).checks if one.kind is CheckKind.BRAND) == "PAYPAL"
    )


def test_the_matrix_has_every_sender_and_is_written_to_a_file(compliance: Compliance, tmp_path: Path) -> None:
    compliance.request("AURORAX", "SA TR", Purpose.AUTHORISATION)
    matrix = compliance.reviews.matrix()

    row = next(one for one in matrix.rows if one.sender.text == "AURORAX")
    assert {iso: state.status.value for iso, state in row.states.items()} == {"SA": "pending", "TR": "pending"}
    assert set(matrix.countries) >= {"SA", "TR", "US"}
    count = compliance.reviews.export_matrix(tmp_path / "matrix.csv", matrix, matrix.rows)
    lines = (tmp_path / "matrix.csv").read_text("utf-8-sig").splitlines()
    assert count == len(lines) - 1 == len(matrix.rows)


def own_rule(country: str, alphanumeric: Alphanumeric, *purposes: Purpose) -> SenderRule:
    return SenderRule(country, alphanumeric, None, words_for(purposes), "the network's letter", longest=9, days="5-10")


def test_an_edited_rule_holds_for_the_next_message_and_the_shipped_one_again(
    compliance: Compliance,
) -> None:
    german = "+4915112345678"
    assert compliance.refused(german) == []

    before = compliance.rules.set(own_rule("DE", Alphanumeric.REGISTRATION, Purpose.AUTHORISATION), actor="anna")

    assert before is None
    assert compliance.refused(german) == ["sender_not_approved"]
    compliance.rules.set(own_rule("DE", Alphanumeric.NO), actor="anna")
    assert compliance.refused(german) == ["sender_not_allowed"]
    own = compliance.rules.reset("DE", actor="berta")
    assert own is not None
    assert compliance.refused(german) == []
    compliance.rules.put_back("DE", own, actor="berta")
    assert compliance.refused(german) == ["sender_not_allowed"]
    listed = next(one for one in compliance.rules.list_all() if one.rule.country == "DE")
    assert (listed.is_own, listed.changed_by, listed.checked_at) == (True, "anna", MONDAY)
    kinds = [
        kind
        for (kind,) in compliance.desk.query(
            "SELECT kind FROM activity WHERE kind IN ('sender_rule_set', 'sender_rule_reset') ORDER BY id"
        )
    ]
    assert kinds == ["sender_rule_set", "sender_rule_set", "sender_rule_reset", "sender_rule_set"]


def test_a_message_that_was_queued_before_the_rule_changed_is_stopped(compliance: Compliance) -> None:
    desk = compliance.desk
    desk.queue(["+4915112345678"])
    compliance.rules.set(own_rule("DE", Alphanumeric.REGISTRATION), actor="anna")

    desk.look_at_queue()

    assert desk.seen() == []
    assert "sending" not in desk.statuses()


def test_a_change_lists_the_batches_that_it_stops(compliance: Compliance) -> None:
    desk = compliance.desk
    batch = desk.queue(["+4915112345678"]).batch_id

    (stopped,) = compliance.rules.affected(own_rule("DE", Alphanumeric.REGISTRATION))
    (kept,) = compliance.rules.affected(own_rule("DE", Alphanumeric.YES))

    assert (stopped.client, stopped.address, stopped.stops) == ("Aurora", f"messages?batch={batch}", True)
    assert not kept.stops
    assert compliance.rules.affected(own_rule("GB", Alphanumeric.REGISTRATION)) == []


def test_a_rule_that_no_country_has_is_refused(compliance: Compliance) -> None:
    with pytest.raises(InvalidInput, match="working days"):
        compliance.rules.set(SenderRule("DE", Alphanumeric.YES, days="soon"), actor="anna")
    with pytest.raises(InvalidInput, match="1 to 11"):
        compliance.rules.set(SenderRule("DE", Alphanumeric.YES, longest=12), actor="anna")
    assert not next(one for one in compliance.rules.list_all() if one.rule.country == "DE").is_own
