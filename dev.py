#!/usr/bin/env python3
"""Everything a developer starts: python3 dev.py COMMAND. Standard library only; each command sets up first.

setup    make .venv from the hash-pinned requirements.lock and install the project into it
run      start SMS Desk
test     the fast tests; --long adds the long proofs; anything else goes to pytest
check    ruff, mypy, import-linter, then the fast tests; --no-tests leaves those out
shots    photograph the screens
translations  collect the texts of the source, update and compile resources/translations, list what is not translated
bench    measure against the budgets; arguments go to tests.bench
package  build a folder that runs without Python, in dist/
lock     resolve the requirements again; --upgrade takes newer versions
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

MINIMUM_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
PYTHON = PROGRAMS / f"python{SUFFIX}"
LOCK = ROOT / "requirements.lock"
BUILD_LOCK = ROOT / "build" / "requirements.lock"
STAMP = VENV / "setup.stamp"
UNFINISHED = "unfinished"

# Debian package -> what shows that it is there, whatever the distribution calls the package.
TEST_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
}
# What a real X11 window needs besides.
WINDOW_LIBRARIES = {
    **TEST_LIBRARIES,
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}
TEST_PROGRAMS = {"dbus": "dbus-daemon", "gnome-keyring": "gnome-keyring-daemon"}

STATIC_CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
)
LONG_TEST_SECONDS = 3600
NO_TESTS_COLLECTED = 5


def say(text: str) -> None:
    """Tell the person, on stderr: stdout belongs to the command that is run."""
    print(text, file=sys.stderr, flush=True)


def program(name: str) -> str:
    """Return the path of a program inside .venv."""
    return str(PROGRAMS / f"{name}{SUFFIX}")


def run(command: Sequence[str]) -> int:
    """Run ``command`` in the project's folder and return its exit code."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def must(command: Sequence[str]) -> None:
    """Run ``command``; when it fails, stop with its exit code and name it."""
    code = run(command)
    if code != 0:
        say(f"This failed: {shlex.join(command)}")
        raise SystemExit(code)


def ensure_packages(missing: Sequence[str]) -> None:
    """Install the missing Debian packages when that is possible here, else stop with the line that does it."""
    if not missing:
        return
    install = ("apt-get", "install", "-y", "--no-install-recommends", *missing)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        say("System packages are missing. On Debian and Ubuntu, run this line, then try again:")
        say(f"sudo apt-get update && sudo {shlex.join(install)}")
        raise SystemExit(1)
    say(f"Installing system packages: {' '.join(missing)}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    must(("apt-get", "-qq", "update"))
    must((*install, "-qq"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_test_packages() -> list[str]:
    """Return the Debian packages without which the tests cannot run; the other systems need none."""
    if sys.platform != "linux":
        return []
    programs = [package for package, name in TEST_PROGRAMS.items() if shutil.which(name) is None]
    return missing_libraries(TEST_LIBRARIES) + programs


def missing_libraries(libraries: dict[str, str]) -> list[str]:
    """Return the Debian packages of the libraries that are not there; the other systems need none."""
    if sys.platform != "linux":
        return []
    return [package for package, library in libraries.items() if not _loads(library)]


def wanted_stamp() -> str:
    """Return what the stamp of an up-to-date .venv says: what it was made from, and where."""
    content = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return f"{hashlib.sha256(content).hexdigest()}\n{ROOT}"


def _stamp() -> str:
    return STAMP.read_text("utf-8") if STAMP.exists() else ""


def _works(interpreter: Path) -> bool:
    probe = f"import pip, sys; sys.exit(sys.version_info < {MINIMUM_PYTHON})"
    try:
        return subprocess.run([interpreter, "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _can_be_updated() -> bool:
    """Whether .venv can be kept: set-up was not interrupted, the folder was not moved, and its Python runs."""
    stamp = _stamp()
    return (not stamp or stamp.endswith(f"\n{ROOT}")) and _works(PYTHON)


def ensure_venv() -> None:
    """Make or update .venv; nothing to do when the stamp says that it is up to date."""
    if _stamp() == wanted_stamp() and PYTHON.exists() and Path(program("sms-desk")).exists():
        return
    if not _can_be_updated():
        if sys.platform == "linux" and importlib.util.find_spec("ensurepip") is None:
            ensure_packages([f"python3.{sys.version_info[1]}-venv"])
        say("Making .venv ...")
        shutil.rmtree(VENV, ignore_errors=True)
        # Started from inside the old .venv, this Python has just removed itself.
        must((getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(VENV)))
    STAMP.write_text(UNFINISHED, "utf-8")
    say("Installing the requirements; the first time this takes a minute or two ...")
    pip_install("--require-hashes", "-r", str(LOCK))
    pip_install("--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(wanted_stamp(), "utf-8")
    say("Ready.")


def pip_install(*arguments: str) -> None:
    """Install into .venv, silently unless something fails."""
    must((str(PYTHON), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check", *arguments))


def refuse(arguments: Sequence[str]) -> None:
    """Stop when a command that takes no arguments was given some."""
    if arguments:
        say(f"Unknown argument: {arguments[0]}")
        raise SystemExit(2)


def setup(arguments: Sequence[str]) -> int:
    """Say that everything is in place, which it is before any command starts."""
    refuse(arguments)
    say(f"SMS Desk is set up: {program('sms-desk')}")
    return 0


def has_display() -> bool:
    """Return whether a window could be shown."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def start_command(*, demo: bool) -> list[str]:
    """Choose what ``run`` starts: the window, or without a display the main job on demo data."""
    if has_display():
        ensure_packages(missing_libraries(WINDOW_LIBRARIES))
        return [program("sms-desk"), *(["--demo"] if demo else [])]
    say("There is no display: the main job runs without a window, on demo data.")
    return [program("sms-desk"), "headless"]


def run_product(arguments: Sequence[str]) -> int:
    """Start SMS Desk and return its exit code."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument(
        "--demo", action="store_true", help="work on demo data, which a run without a display always does"
    )
    return run(start_command(demo=parser.parse_args(arguments).demo))


def test(arguments: Sequence[str]) -> int:
    """Run the fast ring, with ``--long`` the long proofs after it, and return the first exit code that is a failure."""
    ensure_packages(missing_test_packages())
    selection = [argument for argument in arguments if argument != "--long"]
    codes = [run([program("pytest"), "-n", "2", "--dist", "loadfile", "-m", "not long", *selection])]
    if "--long" in arguments and codes[0] in {0, NO_TESTS_COLLECTED}:
        codes.append(run([program("pytest"), "-m", "long", "--timeout", str(LONG_TEST_SECONDS), *selection]))
    # One ring may be empty, when a selection holds tests of the other only.
    return next((code for code in codes if code not in {0, NO_TESTS_COLLECTED}), min(codes))


def check(arguments: Sequence[str]) -> int:
    """Run every static check, then the tests; all the static checks report before the first failure stops it."""
    parser = argparse.ArgumentParser(prog="dev.py check")
    parser.add_argument("--no-tests", action="store_true", help="leave the tests out")
    options = parser.parse_args(arguments)
    failed = [shlex.join(command) for command in STATIC_CHECKS if run([program(command[0]), *command[1:]]) != 0]
    if failed:
        say(f"Failed: {', '.join(failed)}")
        return 1
    return 0 if options.no_tests else test([])


def shots(arguments: Sequence[str]) -> int:
    """Photograph every screen, light and dark, on demo data, into shots/ or the folder that is named."""
    parser = argparse.ArgumentParser(prog="dev.py shots")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "shots")
    folder = parser.parse_args(arguments).folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    ensure_packages(missing_libraries(TEST_LIBRARIES))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    code = run([program("sms-desk"), "--as", "Deniz Kaya", "shots", str(folder)])
    say(f"The pictures are in {folder}")
    return code


def translations(arguments: Sequence[str]) -> int:
    """Bring the translations up to date; arguments go to build/translations.py."""
    return run([str(PYTHON), "build/translations.py", *arguments])


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks and return their exit code."""
    return run([str(PYTHON), "-m", "tests.bench", *arguments])


def package(arguments: Sequence[str]) -> int:
    """Build dist/sms-desk with PyInstaller."""
    pip_install("--require-hashes", "-r", str(BUILD_LOCK))
    command = [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    return run([*command, "--distpath", "dist", "--workpath", "dist/work", "build/sms_desk.spec", *arguments])


def lock(arguments: Sequence[str]) -> int:
    """Write both lock files again from pyproject.toml, for every supported Python and system."""
    pip_install("--require-hashes", "-r", str(BUILD_LOCK))
    compile_lock = [program("uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"]
    compile_lock += ["--no-annotate", "--python-version", ".".join(map(str, MINIMUM_PYTHON)), *arguments]
    must([*compile_lock, "pyproject.toml", "--extra", "team", "--group", "dev", "--output-file", str(LOCK)])
    return run([*compile_lock, "--group", "build", "--constraints", str(LOCK), "--output-file", str(BUILD_LOCK)])


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "run": run_product,
    "test": test,
    "check": check,
    "shots": shots,
    "translations": translations,
    "bench": bench,
    "package": package,
    "lock": lock,
}


def main(arguments: Sequence[str]) -> int:
    """Set up, then run the command; return the exit code."""
    if sys.version_info[:2] < MINIMUM_PYTHON:
        say(
            f"SMS Desk needs Python {MINIMUM_PYTHON[0]}.{MINIMUM_PYTHON[1]} or newer; this is {sys.version.split()[0]}."
        )
        return 1
    if not arguments or arguments[0] not in COMMANDS:
        say(__doc__)
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    try:
        ensure_venv()
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
