"""Rules that the source itself must keep: exact money, documented faces."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "desktop_app"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MONEY_STEMS = ("money", "pricing", "prices", "credits", "ledger", "quote", "rates", "holds")
MONEY_LAYERS = ("domain", "services", "storage")
# The sandbox plays the provider: its price list is input to us, as if it came over the network.
ROUNDING_PLACES = ("domain/money.py", "domain/pricing", "sandbox/")
ROUNDING_CALLS = {"quantize", "to_integral_value", "to_integral_exact"}

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _handles_money(path: Path) -> bool:
    return _name(path).startswith(MONEY_LAYERS) and path.stem.startswith(MONEY_STEMS)


def _inexact(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="float" | "round" as function), lineno=line):
                yield f"line {line}: {function}()"
            case ast.BinOp(op=ast.Div(), lineno=line) | ast.AugAssign(op=ast.Div(), lineno=line):
                yield f"line {line}: true division"
            case ast.Constant(value=float(), lineno=line):
                yield f"line {line}: a float literal"
            case _:
                pass


@pytest.mark.parametrize("path", [path for path in SOURCES if _handles_money(path)], ids=_name)
def test_money_is_never_a_float(path: Path) -> None:
    assert list(_inexact(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("source", ["float('1.5')", "round(a)", "a / b", "a /= b", "0.5"])
def test_the_money_rule_sees_each_way_to_lose_a_millionth(source: str) -> None:
    assert list(_inexact(ast.parse(source)))


def test_amounts_are_rounded_in_the_domain_only() -> None:
    rounding = {
        _name(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ROUNDING_CALLS
    }

    assert {name for name in rounding if not name.startswith(ROUNDING_PLACES)} == set()


def _undocumented(node: Documented, name: str) -> Iterator[str]:
    if not ast.get_docstring(node):
        yield name
    for child in node.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []:
        if isinstance(child, Documented) and not child.name.startswith("_") and not _is_a_copy(child):
            yield from _undocumented(child, f"{name}.{child.name}")


def _is_a_copy(node: Documented) -> bool:
    """Whether ``node`` says the same as something documented: an overload, a setter, an override."""
    decorators = [] if isinstance(node, ast.Module) else [ast.unparse(entry) for entry in node.decorator_list]
    return any(name.endswith(("overload", ".setter", "override")) for name in decorators)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_everything_public_says_what_it_does(path: Path) -> None:
    assert list(_undocumented(ast.parse(path.read_text("utf-8")), _name(path))) == []


def _outlives_the_window(tree: ast.AST) -> Iterator[str]:
    """Yield what the theme calls and is no method: the theme lives longer than a window, and would call it afterwards."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="connect", value=ast.Attribute(attr="changed", value=emitter)),
                args=[ast.Lambda() | ast.Call(), *_],
                lineno=line,
            ) if ast.unparse(emitter).endswith("theme"):
                yield f"line {line}: {ast.unparse(node)}"
            case _:
                pass


@pytest.mark.parametrize("path", [path for path in SOURCES if _name(path).startswith("views/")], ids=_name)
def test_the_theme_calls_methods_only(path: Path) -> None:
    assert list(_outlives_the_window(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "source", ["self._place.theme.changed.connect(lambda: f())", "theme.changed.connect(partial(f, 1))"]
)
def test_the_rule_about_the_theme_sees_lambdas_and_partials(source: str) -> None:
    assert len(list(_outlives_the_window(ast.parse(source)))) == 1
    assert list(_outlives_the_window(ast.parse("theme.changed.connect(self._follow)"))) == []
