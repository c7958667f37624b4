"""The outbox and the mail server: one mail of each key, sent once, and what is certain about it afterwards."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop_app.domain.errors import Cancelled, InvalidInput, StorageUnavailable
from desktop_app.domain.mails import MailSecurity, MailServer, MailStatus
from desktop_app.services.job import Job
from desktop_app.services.mail import MOST_TRIES, SERVER_REST, STALE_CLAIM, MailService
from desktop_app.services.smtp import MailServerError
from tests.fixtures.application import Desk, at_once
from tests.fixtures.mail_server import (
    USER,
    WORD,
    FakeMailServer,
    mail_certificate,
    mail_server,
    mail_trust,
    start_mail_server,
)

__all__ = ["mail_certificate", "mail_server", "mail_trust", "start_mail_server"]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("expected_log")


class Office:
    """A team with a mail server, and a clock that the test turns."""

    def __init__(self, desk: Desk, server: FakeMailServer, trust: Callable[[], ssl.SSLContext]) -> None:
        self.database, self.server, self.trust, self.desk = desk.application.database, server, trust, desk
        self.now = NOW
        self.mail = self.service()
        self.choose()

    def service(self, seconds: float = 5.0) -> MailService:
        """Return the service of another process."""
        application = self.desk.application
        return MailService(self.database, application.secrets, lambda: self.now, self.trust, seconds)

    def choose(self, **changes: object) -> None:
        """Let a server carry the mail."""
        usual = MailServer("127.0.0.1", self.server.port, MailSecurity.STARTTLS, "", "sms@northwind.example")
        self.mail.change_server(replace(usual, **changes), actor="anna")  # type: ignore[arg-type]

    def queue(self, key: str = "sender/1", to: str = "it@aurora.example", **fields: object) -> None:
        """Put a mail into the outbox."""
        usual = {"subject": "AURORA approved", "text": "Your sender ID works.\n", "due_at": self.now}
        with self.database.begin() as uow:
            uow.mails.queue(key, to, **{**usual, **fields})  # type: ignore[arg-type]

    def cancel(self, key: str = "sender/1") -> bool:
        """Take a mail back."""
        with self.database.begin() as uow:
            return uow.mails.cancel(key)

    def send(self) -> int:
        """Send what is due."""
        return self.mail.send_due(Job())

    def status(self) -> dict[str, str]:
        """Return how each mail stands, by its key."""
        return {str(key): str(status) for key, status in self.desk.query("SELECT idem, status FROM mail_outbox")}

    def detail(self) -> str:
        """Return what is noted with the only mail."""
        return str(self.desk.query("SELECT detail FROM mail_outbox")[0][0])

    def subjects(self) -> list[str]:
        """Return what the server took."""
        return [str(one["Subject"]) for one in self.server.taken]

    def later(self, time: timedelta) -> None:
        """Turn the clock."""
        self.now += time


@pytest.fixture
def office(bare_desk: Desk, mail_server: FakeMailServer, mail_trust: Callable[[], ssl.SSLContext]) -> Office:
    return Office(bare_desk, mail_server, mail_trust)


@pytest.fixture
def sqlite_office(sqlite_desk: Desk, mail_server: FakeMailServer, mail_trust: Callable[[], ssl.SSLContext]) -> Office:
    """The same on SQLite only, for what does not depend on the database."""
    return Office(sqlite_desk, mail_server, mail_trust)


def test_a_due_mail_leaves_once_encrypted_and_says_what_it_has_to(office: Office) -> None:
    office.desk.application.preferences.change(actor="anna", company="Northwind Telecom")
    office.queue(subject="Ümlaut “quoted”", text="Grüße\n.\n..two dots\nend")
    office.queue("sender/2", due_at=NOW + timedelta(seconds=10))

    assert office.send() == 1
    assert office.send() == 0

    mail = office.server.taken[0]
    assert str(mail["Subject"]) == "Ümlaut “quoted”"
    assert mail.get_content() == "Grüße\n.\n..two dots\nend\n"
    assert str(mail["From"]) == "Northwind Telecom <sms@northwind.example>"
    assert str(mail["To"]) == "it@aurora.example"
    assert mail["Message-ID"].endswith("@northwind.example>")
    assert office.server.said[1] == "STARTTLS"
    assert office.server.raw[0].isascii()
    assert office.status() == {"sender/1": "sent", "sender/2": "queued"}

    office.later(timedelta(seconds=10))
    assert office.send() == 1


def test_the_same_key_again_makes_no_second_mail(office: Office) -> None:
    office.queue()
    office.queue(subject="AURORA rejected")
    office.send()
    office.queue()
    office.send()
    assert office.subjects() == ["AURORA approved"]


def test_what_was_not_begun_can_be_cancelled_and_asked_for_anew(office: Office) -> None:
    office.queue(due_at=NOW + timedelta(seconds=10))
    assert office.cancel()
    assert not office.cancel()
    office.later(timedelta(minutes=1))
    assert office.send() == 0

    office.queue(subject="AURORA approved after all")
    assert office.send() == 1
    assert not office.cancel()
    assert not office.cancel("nothing of this name")
    assert office.subjects() == ["AURORA approved after all"]


def test_two_processes_that_send_at_once_send_each_mail_once(office: Office) -> None:
    for number in range(12):
        office.queue(f"mail/{number}", subject=f"Number {number}")
    processes = [office.service() for _ in range(3)]

    counts = at_once(*(lambda one=one: one.send_due(Job()) for one in processes))

    assert sum(int(str(one)) for one in counts) == 12
    assert sorted(office.subjects()) == sorted(f"Number {number}" for number in range(12))
    assert set(office.status().values()) == {"sent"}


def test_a_mail_on_its_way_cannot_be_cancelled(office: Office) -> None:
    cancelled: list[bool] = []
    office.server.at_text = lambda: cancelled.append(office.cancel())
    office.queue()
    office.send()
    assert cancelled == [False]
    assert office.status() == {"sender/1": "sent"}


def test_a_line_that_breaks_after_the_text_leaves_the_mail_in_doubt_and_it_is_not_repeated(office: Office) -> None:
    office.server.drop_at = "."
    office.queue()
    office.queue("sender/2", subject="The next")
    office.send()
    office.server.drop_at = ""
    office.later(timedelta(days=1))
    office.send()

    assert office.status() == {"sender/1": "unknown", "sender/2": "sent"}
    assert office.subjects() == ["AURORA approved", "The next"]
    trouble = office.mail.trouble()
    assert (trouble.count, trouble.mails[0].subject) == (1, "AURORA approved")

    office.mail.send_again(trouble.mails[0].mail_id, actor="anna")
    office.send()
    first, _, again = office.server.taken
    assert again["Message-ID"] == first["Message-ID"]
    assert office.mail.trouble().count == 0


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_breaks_before_the_last_line_is_tried_again(sqlite_office: Office, command: str) -> None:
    office = sqlite_office
    office.server.drop_at = command
    office.queue()
    office.send()
    assert office.status() == {"sender/1": "queued"}
    assert office.detail() == "The connection to 127.0.0.1 broke."

    office.server.drop_at = ""
    assert office.send() == 0
    office.later(timedelta(minutes=1))
    assert office.send() == 1
    assert len(office.server.taken) == 1


def test_a_mail_in_doubt_after_a_crash_is_not_sent_again(office: Office) -> None:
    office.queue()
    with office.database.begin() as uow:
        assert uow.mails.claim(office.now) is not None
    assert office.send() == 0
    assert office.status() == {"sender/1": "sending"}

    office.later(STALE_CLAIM + timedelta(seconds=1))
    assert office.send() == 0
    assert office.status() == {"sender/1": "unknown"}
    assert office.server.taken == []


def test_an_outcome_that_comes_late_is_still_written_but_not_over_a_new_try(office: Office) -> None:
    office.queue()
    with office.database.begin() as uow:
        slow = uow.mails.claim(office.now)
        assert slow is not None
        uow.mails.give_up_claims(office.now + timedelta(1), office.now, "gone")
        uow.mails.settle(slow, MailStatus.SENT, office.now)
    assert office.status() == {"sender/1": "sent"}

    office.queue("sender/2")
    with office.database.begin() as uow:
        slow = uow.mails.claim(office.now)
        assert slow is not None
        uow.mails.give_up_claims(office.now + timedelta(1), office.now, "gone")
        uow.mails.again(slow.mail_id, office.now)
        assert uow.mails.claim(office.now) is not None
        uow.mails.settle(slow, MailStatus.SENT, office.now)
    assert office.status()["sender/2"] == "sending"


def test_a_refusal_for_now_is_tried_again_later_and_later_and_not_for_ever(sqlite_office: Office) -> None:
    office = sqlite_office
    office.server.answers["."] = "451 4.7.1 try later"
    office.queue()
    times = []
    while office.status() == {"sender/1": "queued"}:
        assert office.now - NOW < timedelta(days=1)
        office.send()
        times.append(office.server.count("DATA"))
        office.later(timedelta(minutes=1))
    assert times[-1] == MOST_TRIES
    assert (office.status(), office.detail()) == ({"sender/1": "failed"}, "451 4.7.1 try later")
    assert [times.index(number) for number in range(1, 6)] == [0, 1, 5, 21, 85]


@pytest.mark.parametrize("command", ["RCPT", "MAIL", "DATA", "."])
def test_a_refusal_for_good_ends_this_mail_and_only_this(sqlite_office: Office, command: str) -> None:
    office = sqlite_office
    office.server.answers[command] = "550 5.1.1 no such user <b>here</b>"
    office.queue()
    office.send()
    office.server.answers.clear()
    office.queue("sender/2")
    assert office.send() == 1
    assert office.status() == {"sender/1": "failed", "sender/2": "sent"}
    assert office.mail.trouble().mails[0].detail == "550 5.1.1 no such user <b>here</b>"


def test_a_refused_mail_does_not_keep_the_next_of_the_round(sqlite_office: Office) -> None:
    office = sqlite_office
    office.server.answers["RCPT"] = "550 no"
    office.queue()
    office.queue("sender/2")
    office.send()
    assert office.status() == {"sender/1": "failed", "sender/2": "failed"}
    assert office.server.count("EHLO") == 2, "one greeting before and one after STARTTLS: the connection was kept"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"greeting": "554 not you"}, "127.0.0.1 answered: 554 not you"),
        ({"offers_tls": False}, "127.0.0.1 offers no STARTTLS on port {port}. Nothing was sent unencrypted."),
        ({"drop_at": "EHLO"}, "The connection to 127.0.0.1 broke."),
    ],
)
def test_a_server_that_cannot_be_used_keeps_the_mail_in_the_outbox(
    sqlite_office: Office, changes: dict[str, object], sentence: str
) -> None:
    office = sqlite_office
    for name, value in changes.items():
        setattr(office.server, name, value)
    office.queue()
    assert office.send() == 0
    trouble = office.mail.trouble()
    assert (trouble.waiting, trouble.server) == (1, sentence.format(port=office.server.port))
    assert office.server.count("MAIL") == 0
    assert not office.mail.has_work(), "it rests before it asks again"

    for name, value in (("greeting", "220 ready"), ("offers_tls", True), ("drop_at", "")):
        setattr(office.server, name, value)
    office.later(SERVER_REST)
    assert office.send() == 1
    assert office.mail.trouble().server == ""


def test_no_server_at_all_is_said_while_mail_waits(sqlite_office: Office) -> None:
    office = sqlite_office
    office.choose(host="", sender="")
    office.queue()
    assert office.send() == 0
    assert office.mail.trouble().server == "There is no mail server yet."


def test_the_login_works_and_a_wrong_password_is_said(sqlite_office: Office) -> None:
    office = sqlite_office
    office.server.login = True
    office.choose(user=USER)
    office.mail.set_password("wrong", actor="anna")
    office.queue()
    assert office.send() == 0
    assert office.mail.trouble().server == "127.0.0.1 refused the user name or the password."
    assert office.status() == {"sender/1": "queued"}

    office.mail.set_password(WORD, actor="anna")
    assert office.send() == 1
    assert "wrong" not in str(office.desk.query("SELECT * FROM activity"))
    assert WORD not in str(office.desk.query("SELECT * FROM setting"))


def test_a_password_is_not_told_to_another_server(sqlite_office: Office) -> None:
    office = sqlite_office
    office.choose(user=USER)
    office.mail.set_password(WORD, actor="anna")
    assert office.mail.setup().password is not None
    office.choose(user=USER, host="localhost")
    assert office.mail.setup().password is None


def test_a_certificate_that_is_not_trusted_ends_the_conversation(sqlite_office: Office) -> None:
    office = sqlite_office
    office.trust = ssl.create_default_context
    office.mail = office.service()
    office.queue()
    assert office.send() == 0
    assert office.mail.trouble().server.startswith("The certificate of 127.0.0.1 cannot be trusted: self-signed")
    assert office.server.count("MAIL") == 0


def test_tls_from_the_first_byte(
    sqlite_desk: Desk, start_mail_server: Callable[..., FakeMailServer], mail_trust: Callable[[], ssl.SSLContext]
) -> None:
    office = Office(sqlite_desk, start_mail_server(tls=True), mail_trust)
    office.choose(security=MailSecurity.TLS)
    office.queue()
    assert office.send() == 1


def test_a_plain_server_is_used_on_this_computer_only(sqlite_office: Office) -> None:
    office = sqlite_office
    office.choose(security=MailSecurity.NONE)
    office.queue()
    assert office.send() == 1
    assert "STARTTLS" not in office.server.said
    for host in ("mail.example.com", "192.0.2.1", "localhost.example.com", "127.0.0.1.example.com"):
        with pytest.raises(InvalidInput, match="Without encryption only a server on this computer"):
            office.choose(security=MailSecurity.NONE, host=host)


def test_a_tls_server_that_does_not_speak_it_is_said(sqlite_office: Office) -> None:
    office = sqlite_office
    office.choose(security=MailSecurity.TLS)
    office.queue()
    office.send()
    assert office.mail.trouble().server == (
        f"127.0.0.1 does not speak TLS on port {office.server.port}. Choose STARTTLS, or another port."
    )


def test_a_server_that_takes_no_connection_is_said(
    sqlite_office: Office, start_mail_server: Callable[..., FakeMailServer]
) -> None:
    office = sqlite_office
    gone = start_mail_server()
    gone.__exit__()
    office.choose(port=gone.port)
    office.queue()
    office.send()
    assert office.mail.trouble().server == f"127.0.0.1 takes no connection on port {gone.port}."


@pytest.mark.parametrize(
    ("command", "status", "waits"),
    [("EHLO", "queued", 0), ("RCPT", "queued", 1), (".", "unknown", 1)],
)
def test_a_server_that_goes_silent_holds_nobody_up(
    sqlite_office: Office, command: str, status: str, waits: int
) -> None:
    office = sqlite_office
    office.mail = office.service(seconds=0.3)
    office.server.silent_at = command
    office.queue()
    assert office.send() == 0
    assert office.status() == {"sender/1": status}
    said = office.detail() if waits else office.mail.trouble().server
    assert said == "127.0.0.1 did not answer in 0.3 seconds."


def test_stopping_between_two_mails_leaves_the_rest_for_later(sqlite_office: Office) -> None:
    office, job = sqlite_office, Job()
    office.queue()
    office.queue("sender/2")
    office.server.at_text = job.cancel
    with pytest.raises(Cancelled):
        office.mail.send_due(job)
    assert office.status() == {"sender/1": "sent", "sender/2": "queued"}


def test_a_database_that_goes_away_after_the_send_leaves_the_mail_in_doubt(
    sqlite_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = sqlite_office
    office.queue()

    def away(*_: object, **__: object) -> None:
        raise StorageUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr("desktop_app.storage.repositories.mails.MailRepository.settle", away)
        with pytest.raises(StorageUnavailable):
            office.send()
    office.later(STALE_CLAIM + timedelta(seconds=1))
    assert office.send() == 0
    assert (office.status(), len(office.server.taken)) == ({"sender/1": "unknown"}, 1)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("it@aurora.example\r\nBcc: spy@evil.example", "Hello"),
        ("it@aurora.example, spy@evil.example", "Hello"),
        ("<it@aurora.example> NOTIFY=SUCCESS", "Hello"),
    ],
)
def test_an_address_that_holds_more_than_an_address_is_refused(sqlite_office: Office, to: str, subject: str) -> None:
    with pytest.raises(InvalidInput, match="is not an e-mail address"):
        sqlite_office.queue(to=to, subject=subject)
    assert sqlite_office.status() == {}


def test_nothing_can_be_injected_into_a_header_or_after_the_text(sqlite_office: Office) -> None:
    office = sqlite_office
    office.desk.application.preferences.change(actor="anna", company='Evil" <spy@evil.example>, "x')
    office.queue(
        subject="Hello\r\nBcc: spy@evil.example\r\n\r\nbody",
        text="one\r\n.\r\nMAIL FROM:<spy@evil.example>\rtwo\x0bthree",
    )
    assert office.send() == 1
    mail = office.server.taken[0]
    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "Hello Bcc: spy@evil.example body"
    assert [one.addr_spec for one in mail["From"].addresses] == ["sms@northwind.example"]
    assert office.server.count("MAIL") == 1
    assert "MAIL FROM:<spy@evil.example>" in mail.get_content()


def test_a_test_mail_is_told_in_plain_words(sqlite_office: Office) -> None:
    office = sqlite_office
    told = office.mail.send_test(" Anna@Northwind.Example ")
    assert told == "127.0.0.1 took the mail to Anna@northwind.example. Look into that mailbox."
    assert str(office.server.taken[0]["To"]) == "Anna@northwind.example"

    office.server.answers["RCPT"] = "550 no such user"
    with pytest.raises(MailServerError, match="did not take the mail to anna@northwind"):
        office.mail.send_test("anna@northwind.example")
    office.server.answers.clear()
    office.server.drop_at = "."
    with pytest.raises(MailServerError, match="It may have arrived"):
        office.mail.send_test("anna@northwind.example")
    office.choose(host="", sender="")
    with pytest.raises(InvalidInput, match="Enter the server and the sender's address first"):
        office.mail.send_test("anna@northwind.example")


def test_a_mail_that_was_given_up_is_not_sent_again_by_its_key(office: Office) -> None:
    office.server.answers["RCPT"] = "550 no"
    office.queue()
    office.send()
    mail = office.mail.trouble().mails[0]
    office.mail.give_up(mail.mail_id, actor="anna")
    with pytest.raises(InvalidInput, match="not in trouble any more"):
        office.mail.send_again(mail.mail_id, actor="anna")
    office.server.answers.clear()
    office.queue()
    assert office.send() == 0
    assert office.desk.query("SELECT subject FROM activity WHERE kind = 'mail_dropped'") == [("AURORA approved",)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("host", "no host"), ("host", "-x"), ("port", 0), ("port", 70000), ("user", "a\nb"), ("sender", "nobody")],
)
def test_a_server_that_cannot_be_is_refused_with_its_field(sqlite_office: Office, field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        sqlite_office.choose(**{field: value})
    assert list(caught.value.fields) == [field]
    assert sqlite_office.mail.setup().server.host == "127.0.0.1"


def test_a_worker_sends_mail_too(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office, job, arrived = sqlite_office, Job(), threading.Event()
    monkeypatch.setattr("desktop_app.app.ROUND_SECONDS", 0.1)
    office.choose(security=MailSecurity.NONE)
    office.server.at_text = arrived.set

    def work() -> None:
        with pytest.raises(Cancelled):
            office.desk.application.run_worker(job)

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    office.queue()
    assert arrived.wait(20)
    job.cancel()
    worker.join(20)
    assert not worker.is_alive()
    assert office.status() == {"sender/1": "sent"}
