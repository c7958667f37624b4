"""Elements of an XML part, read strictly: no document type, hence no entities and nothing outside the file."""

from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr


def local_name(name: str) -> str:
    """Return ``name`` without its namespace prefix."""
    return name.rpartition(":")[2]


def scan(xml: bytes, on_element: Callable[[str, dict[str, str]], None]) -> None:
    """Call ``on_element(local name, attributes as written)`` for each element of ``xml``, in order.

    Raises:
        InvalidInput: it is not well-formed, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: on_element(local_name(name), attributes)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InvalidInput(tr("The spreadsheet is damaged: a part of it is not valid XML.")) from error


def document_type_error() -> InvalidInput:
    """Return the error for a part that declares a document type."""
    return InvalidInput(
        tr("The spreadsheet declares a document type, which no spreadsheet program does. It is not read.")
    )


def _refuse(*_declaration: object) -> NoReturn:
    raise document_type_error()
