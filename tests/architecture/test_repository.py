"""What is committed belongs to the project, not to the machine it was written on; versions agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from desktop_app.config import resource_path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "build/requirements.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# A folder of somebody's machine at the start of a path, and the hosts that packages are fetched from.
MACHINE_PATH = re.compile(r"(?<![\w.~\-)}])/(?:work|tmp|root|farm|home|Users)/\w")
PACKAGE_HOST = re.compile(r"\b(?:p[y]pi|np[m]js|pythonh[o]sted|crat[e]s|debi[a]n)\.(?:org|com|io)\b")
INDEX_OPTION = re.compile(r"--?(?:extra-)?index-url|--find-links|https?://|file:")
# Safe SQLite: 3.7.0 to 3.51.2 can corrupt a WAL database that two connections write and checkpoint at once.
OLDEST_SQLITE = (3, 51, 3)


def _project_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, PACKAGE_HOST], ids=["machine path", "package host"])
def test_no_file_names_a_machine_or_a_package_host(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}" for path in _project_files() for match in pattern.finditer(_text(path))
    ]

    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert not INDEX_OPTION.search(text)
    assert [entry.splitlines()[0] for entry in entries if not re.match(r"[\w\-.\[\]]+==\S+ ", entry)] == []
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_everything_required_is_locked() -> None:
    locked = set(re.findall(r"(?m)^([\w\-.]+)==", (ROOT / "requirements.lock").read_text("utf-8")))
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["team"], *PROJECT["dependency-groups"]["dev"]]

    names = {re.match(r"[\w\-.]+", entry.strip())[0].lower().replace("_", "-") for entry in wanted}  # type: ignore[index]

    assert names - locked == set()


def test_the_version_heads_the_changelog() -> None:
    headings = re.findall(r"(?m)^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"))

    assert headings[0] == PROJECT["project"]["version"]


def test_python_versions_agree() -> None:
    source = (ROOT / "dev.py").read_text("utf-8")
    minimum = re.search(r"MINIMUM_PYTHON = \((\d+), (\d+)\)", source)

    assert minimum is not None
    assert PROJECT["project"]["requires-python"] == f">={minimum[1]}.{minimum[2]}"
    assert PROJECT["tool"]["mypy"]["python_version"] == f"{minimum[1]}.{minimum[2]}"


def test_the_bundled_sqlite_is_safe_with_a_write_ahead_log() -> None:
    from pysqlite3 import dbapi2

    assert dbapi2.sqlite_version_info >= OLDEST_SQLITE


def test_data_of_others_is_attributed() -> None:
    tables = sorted(path.name for path in resource_path("data").glob("*.csv"))
    notice = (resource_path("data") / "README.md").read_text("utf-8")

    assert tables
    assert [name for name in tables if name not in notice] == []
