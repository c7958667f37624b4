"""Start to first paint: the product up to the moment its window is painted, against a bare window of Qt."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.bench.harness import Row, in_pairs, measured

_ROOT: Final = Path(__file__).resolve().parents[2]
# Both end at the first paint of a main window, without running down.
_WATCH: Final = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            os._exit(0)
        return False

application = QApplication(["sms-desk"])
watch = Watch()
application.installEventFilter(watch)
"""
_BARE: Final = """
window = QMainWindow()
window.resize(1440, 900)
window.show()
application.exec()
sys.exit(1)
"""
_OURS: Final = """
from desktop_app.cli import main
main(["--profile", sys.argv[1]])
sys.exit(1)
"""


def run(folder: Path, *, runs: int = 11) -> Row:
    """Measure it in processes of their own; the profile in ``folder`` is opened after the paint, so its size does not count."""

    def started(script: str) -> float:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": os.environ.get("DISPLAY", ":0")}
        command = [sys.executable, "-c", _WATCH + script, str(folder)]
        return measured(lambda: subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, check=True))

    own, reference, ratio = in_pairs(lambda: started(_OURS), lambda: started(_BARE), runs)
    return Row(
        "start to first paint", own, reference, ratio, f"{own * 1000:.0f} ms CPU", "<= 1.6x a bare window", ratio <= 1.6
    )
