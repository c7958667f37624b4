"""The import rule of the project holds, and main.py stays a door."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MAIN = """
import sys
from desktop_app.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""


def test_every_import_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_main_only_calls_the_command_line() -> None:
    module = ast.parse((ROOT / "main.py").read_text("utf-8"))

    assert ast.get_docstring(module)
    assert ast.dump(ast.Module(module.body[1:], [])) == ast.dump(ast.Module(ast.parse(MAIN).body, []))


def test_the_set_up_script_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
