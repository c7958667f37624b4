"""A screen or dialog that is made while the person works does not flash on the desktop, and the window stays the active one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from tests.fixtures.windows import make_every_screen

ROOT = Path(__file__).resolve().parents[2]
# Goes through every state that is photographed, once and without pictures, and names what was shown as a window of its own.
EVERY_STATE = """
import sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget
from desktop_app.views import shots
from desktop_app.views.theme import Appearance

class Watch(QObject):
    now = ""
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = "dialog" if isinstance(watched, QDialog) else "part"
            if not isinstance(watched, (QMainWindow, QMenu)):
                print(kind, self.now, type(watched).__name__, flush=True)
        return False

def walk(self):
    self.watch = Watch()
    QApplication.instance().installEventFilter(self.watch)
    for screen, states in self._shots():
        for shot in states:
            self.watch.now = screen + "_" + shot.name
            yield Appearance.LIGHT, shots.SIZES[0], screen, shot

class NoPicture:
    def save(self, path):
        return True

shots.Photographer._walk = walk
shots.photograph = lambda window: NoPicture()
shots.SETTLE_MILLISECONDS, shots.ASK_MILLISECONDS = 0, 10
from desktop_app.cli import main
sys.exit(main(["--profile", sys.argv[1], "shots", sys.argv[2]]))
"""


class Flashes(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: Any, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(repr(watched))
        return False


def test_no_part_of_a_screen_is_ever_a_window(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    make_every_screen(window)
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy, timeout=20_000)
    qapp.removeEventFilter(flashes)

    assert flashes.seen == []
    assert window.isActiveWindow()


def test_no_part_of_a_dialog_is_ever_a_window(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_STATE, str(tmp_path / "profile"), str(tmp_path / "none")], cwd=ROOT, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}, capture_output=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    shown = [line.split() for line in done.stdout.splitlines() if line.startswith(("dialog ", "part "))]
    assert [one for one in shown if one[0] == "part"] == []
    assert len({name for kind, _state, name in shown if kind == "dialog"}) >= 20
