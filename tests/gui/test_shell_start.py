"""Starting: the frame first, then the database in a thread; what happens when that fails; the passphrase."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import open_window_parts, window_parts
from desktop_app.config import load_settings
from desktop_app.domain.errors import StorageUnavailable
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.opening import Opener, Opening, Start
from desktop_app.views.parts import WindowParts
from desktop_app.views.session import Session
from desktop_app.views.start import run_window
from desktop_app.views.theme import Theme
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton
ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "sqlalchemy",
    "alembic",
    "requests",
    "xlsxwriter",
    "python_calamine",
    "phonenumbers",
    "babel",
    "cryptography",
    "keyring",
)
# Stops at the first paint of the window and says what was loaded until then.
FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})), flush=True)
            os._exit(0)
        return False

application = QApplication(["sms-desk"])
watch = Watch()
application.installEventFilter(watch)
from desktop_app.cli import main
sys.exit(main(["--profile", sys.argv[1]]))
"""
# Photographs the window, on an application that does not open.
SHOTS = """
import sys
import desktop_app.app
from desktop_app.domain.errors import StorageUnavailable

def locked(settings, opening):
    raise StorageUnavailable("The database is locked by another program.")

desktop_app.app.open_window_parts = locked
from desktop_app.cli import main
sys.exit(main(["--profile", sys.argv[1], "shots", sys.argv[2]]))
"""

MakeSession = Callable[[Opener], Session]


@pytest.fixture
def make_session(theme: Theme, tmp_path: Path) -> Iterator[MakeSession]:
    made: list[Session] = []

    def make(opener: Opener) -> Session:
        session = Session(opener, PersonalSettings(tmp_path), theme, MainWindow({}))
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()
        session.window.deleteLater()


def opening_desk(desk: Desk) -> Opener:
    @contextmanager
    def open_parts(opening: Opening) -> Iterator[WindowParts]:
        yield window_parts(desk.application, desk.application.settings, sandbox=opening.demo, personal=opening.personal)

    return open_parts


def run_script(script: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0", "PATH": "/usr/bin", "HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", script, str(home / "profile"), *arguments], cwd=ROOT, env=environment, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip


def test_nothing_heavy_is_loaded_before_the_first_paint(tmp_path: Path) -> None:
    done = run_script(FIRST_PAINT, tmp_path)

    loaded = set(done.stdout.split())
    assert "PySide6" in loaded, done.stderr
    assert loaded & set(HEAVY) == set()


def test_what_fails_before_there_is_a_frame_is_not_left_as_a_picture(tmp_path: Path, qapp: QApplication) -> None:
    def broken() -> None:
        raise ArithmeticError("a bug at the start")

    def never(_opening: Opening) -> AbstractContextManager[WindowParts]:
        raise AssertionError

    with pytest.raises(ArithmeticError, match="a bug at the start"):
        run_window(Start(never, tmp_path, "en", prepare=broken))


def test_without_an_application_there_are_no_photographs_but_the_reason(tmp_path: Path) -> None:
    done = run_script(SHOTS, tmp_path, str(tmp_path / "shots"))

    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "The database is locked by another program.")
    assert list((tmp_path / "shots").iterdir()) == []


def test_the_window_is_there_before_its_data(sqlite_desk: Desk, make_session: MakeSession, qtbot: QtBot) -> None:
    gate = threading.Event()
    inner = opening_desk(sqlite_desk)

    @contextmanager
    def slowly(opening: Opening) -> Iterator[WindowParts]:
        gate.wait(30)
        with inner(opening) as parts:
            yield parts

    session = make_session(slowly)
    session.start()
    qtbot.waitUntil(lambda: session.window.isVisible())
    assert session.window.frame.pages.currentWidget() is session.window.frame.opening
    QTest.keyClick(session.window, Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    gate.set()

    with qtbot.waitSignal(session.opened, timeout=20_000):
        pass
    assert session.window.screens.shown is session.window.screens.screen("overview")
    qtbot.waitUntil(lambda: len(session.window.screens.made) == len(session.window.shell.places), timeout=20_000)


def test_a_database_that_does_not_open_is_explained_and_tried_again(
    sqlite_desk: Desk, make_session: MakeSession, qtbot: QtBot
) -> None:
    inner = opening_desk(sqlite_desk)
    fails = iter([True, False])

    @contextmanager
    def locked_at_first(opening: Opening) -> Iterator[WindowParts]:
        if next(fails):
            raise StorageUnavailable("The database is locked by another program.")
        with inner(opening) as parts:
            yield parts

    session = make_session(locked_at_first)
    session.start()
    trouble = session.window.frame.trouble
    qtbot.waitUntil(trouble.isVisible, timeout=20_000)

    assert trouble.detail.text() == "The database is locked by another program. Nothing was changed."
    assert trouble.retry.hasFocus() or not session.window.isActiveWindow()
    with qtbot.waitSignal(session.opened, timeout=20_000):
        QTest.mouseClick(trouble.retry, LEFT)
    assert session.window.screens.shown is not None


def test_quitting_is_possible_when_the_database_does_not_open(make_session: MakeSession, qtbot: QtBot) -> None:
    def newer(_opening: Opening) -> AbstractContextManager[WindowParts]:
        raise StorageUnavailable("The database is newer than this program.")

    session = make_session(newer)
    session.start()
    qtbot.waitUntil(session.window.frame.trouble.isVisible, timeout=20_000)

    with qtbot.waitSignal(session.ended):
        QTest.mouseClick(session.window.frame.trouble.quit, LEFT)


def test_a_foreign_file_is_no_database_and_is_left_alone(
    tmp_path: Path, make_session: MakeSession, qtbot: QtBot
) -> None:
    foreign = tmp_path / "letter.db"
    foreign.write_text("Dear all, this is a letter and no database. " * 40)
    settings = load_settings({}, profile=tmp_path / "profile", database_url=f"sqlite:///{foreign}")

    session = make_session(lambda opening: open_window_parts(settings, opening))
    session.start()
    qtbot.waitUntil(session.window.frame.trouble.isVisible, timeout=20_000)

    assert session.window.frame.trouble.detail.text().endswith("Nothing was changed.")
    assert foreign.read_text().startswith("Dear all")


def test_the_passphrase_is_asked_for_in_the_window(sqlite_desk: Desk, make_session: MakeSession, qtbot: QtBot) -> None:
    inner, asked = opening_desk(sqlite_desk), list[str | None]()

    @contextmanager
    def asking(opening: Opening) -> Iterator[WindowParts]:
        asked.append(opening.ask_passphrase(""))
        with inner(opening) as parts:
            yield parts

    session = make_session(asking)
    session.start()
    qtbot.waitUntil(lambda: session.bridge.dialog is not None, timeout=20_000)
    dialog = session.bridge.dialog
    assert dialog is not None
    assert dialog.field.echoMode() is dialog.field.EchoMode.Password
    with qtbot.waitSignal(session.opened, timeout=20_000):
        QTest.keyClicks(dialog.field, "correct horse")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    assert asked == ["correct horse"]


def test_a_window_that_closes_lets_go_who_waits_for_the_passphrase(make_session: MakeSession, qtbot: QtBot) -> None:
    asked = list[str | None]()

    def asking(opening: Opening) -> AbstractContextManager[WindowParts]:
        asked.append(opening.ask_passphrase(""))
        raise StorageUnavailable("Nobody answered.")

    session = make_session(asking)
    session.start()
    qtbot.waitUntil(lambda: session.bridge.dialog is not None, timeout=20_000)

    session.close()

    assert asked == [None]


@pytest.mark.usefixtures("expected_log")
def test_where_the_window_was_exchanged_the_former_is_heard_of_no_more(
    sqlite_desk: Desk, make_session: MakeSession, qtbot: QtBot
) -> None:
    session = make_session(opening_desk(sqlite_desk))
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.start()
    former, reporter = session.window, session.reporter
    qtbot.waitUntil(lambda: len(former.screens.made) == len(former.shell.places), timeout=20_000)
    former.place.tasks.query(lambda _: 1 // 0, owner=former, on_success=bool)
    qtbot.waitUntil(lambda: reporter.dialog is not None and reporter.dialog.isVisible())
    assert reporter.dialog is not None
    assert reporter.dialog.parent() is former

    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.open_demo()
    # Whatever of the former window still follows the theme would fail here.
    session.theme.follow(session.personal)
    session.personal.change(theme="dark", text_size=120)
    session.personal.change(language="de")
    session.personal.change(language="en", text_size=100)
    assert reporter.met == 1
    session.window.place.tasks.query(lambda _: [][1], owner=session.window, on_success=bool)

    qtbot.waitUntil(lambda: reporter.met == 2)
    assert reporter.dialog is not None
    assert reporter.dialog.isVisible()
    assert reporter.dialog.parent() is session.window
    assert "IndexError" in reporter.dialog.details.toPlainText()


def test_a_wrong_passphrase_is_said_where_it_is_asked_again(
    sqlite_desk: Desk, make_session: MakeSession, qtbot: QtBot
) -> None:
    inner = opening_desk(sqlite_desk)

    @contextmanager
    def asking(opening: Opening) -> Iterator[WindowParts]:
        opening.ask_passphrase("The vault's passphrase is wrong.")
        with inner(opening) as parts:
            yield parts

    session = make_session(asking)
    session.start()
    qtbot.waitUntil(lambda: session.bridge.dialog is not None, timeout=20_000)
    dialog = session.bridge.dialog
    assert dialog is not None
    assert dialog.error.isVisible()
    assert dialog.error.text() == "The vault's passphrase is wrong."
    with qtbot.waitSignal(session.opened, timeout=20_000):
        QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
