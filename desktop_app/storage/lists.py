"""Conditions over many values that keep one statement text, however many there are.

``IN (?, ?, …)`` is another statement for every length: it falls out of the driver's cache, and preparing an UPDATE again means
compiling its triggers again. Here the values travel as one JSON array. It also has no limit of 32,766 parameters.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import JSON, BigInteger, BindParameter, ColumnElement, TableValuedAlias, Text, bindparam, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement


class _Listed(FunctionElement[Any]):
    """The values of a JSON array, as a subquery."""

    inherit_cache = True
    name = "listed"


class _ListedNumbers(_Listed):
    type = BigInteger()
    inherit_cache = True


class _ListedTexts(_Listed):
    type = Text()
    inherit_cache = True


@compiles(_Listed, "sqlite")
def _sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608 - a placeholder


@compiles(_Listed, "postgresql")
def _postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    kind = "bigint" if isinstance(element, _ListedNumbers) else "text"
    array = compiler.process(element.clauses, **options)
    return f"(SELECT value::{kind} FROM json_array_elements_text(CAST({array} AS json)))"  # noqa: S608 - a placeholder


def json_array(values: Collection[int] | Collection[str]) -> str:
    """Return ``values`` as the text that ``among`` with a named parameter takes."""
    return json.dumps(list(values))


def among(column: ColumnElement[int], values: Collection[int] | str) -> ColumnElement[bool]:
    """Return that ``column`` is one of ``values`` (whole numbers), or of a ``json_array`` in the parameter named so."""
    return column.bool_op("IN")(_ListedNumbers(_array(values)))


def among_texts(column: ColumnElement[str], values: Collection[str] | str) -> ColumnElement[bool]:
    """Return that ``column`` is one of ``values`` (texts), or of a ``json_array`` in the parameter named so."""
    return column.bool_op("IN")(_ListedTexts(_array(values)))


def _array(values: Collection[int] | Collection[str] | str) -> BindParameter[str]:
    if isinstance(values, str):
        return bindparam(values, type_=Text())
    return bindparam(None, json_array(values), Text())


def json_pairs(values: Mapping[int, str]) -> str:
    """Return ``values`` as the text that ``listed_pairs`` takes."""
    return json.dumps(values)


def listed_pairs(parameter: str, dialect: str) -> TableValuedAlias:
    """Return the rows of ``json_pairs`` in a parameter, a table with the columns ``key`` (a number as text) and ``value``."""
    pairs = bindparam(parameter, type_=Text())
    if dialect == "sqlite":
        return func.json_each(pairs).table_valued("key", "value")
    return func.json_each_text(cast(pairs, JSON)).table_valued("key", "value").render_derived()


def listed_texts(parameter: str, dialect: str) -> TableValuedAlias:
    """Return the rows of a ``json_array`` of texts in a parameter, as a table with the column ``value``."""
    array = bindparam(parameter, type_=Text())
    if dialect == "sqlite":
        return func.json_each(array).table_valued("value")
    return func.json_array_elements_text(cast(array, JSON)).table_valued("value").render_derived()
