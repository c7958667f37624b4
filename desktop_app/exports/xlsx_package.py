"""The parts of an XLSX file that hold its first visible sheet, checked and packed anew.

What is parsed is exactly what was checked: the parser gets a fresh, uncompressed archive with the sheet, its texts and its
formats, and never sees the file itself with its macros, links, other sheets and spellings of the archive format.
"""

import io
import posixpath
import zipfile
import zlib
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, say, tr
from desktop_app.exports.limits import Limits
from desktop_app.exports.xlsx_bounds import check_part, check_shared_strings, check_sheet
from desktop_app.exports.xml_scan import local_name, scan

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_ENTRY_MARK: Final = b"PK\x01\x02"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET_PATH: Final = "xl/worksheets/sheet1.xml"
_FIXED_PARTS: Final = {
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    _WORKBOOK: '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    _RELATIONS: f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}
# What a ZIP file is when it is no XLSX: a part it has, and what to call it.
_OTHER_KINDS: Final = (
    ("xl/workbook.bin", later("an Excel binary workbook (.xlsb)")),
    ("content.xml", later("an OpenDocument file (.ods)")),
    ("word/document.xml", later("a Word document")),
    ("Index/Document.iwa", later("a Numbers file")),
)


def checked_package(content: bytes, limits: Limits) -> io.BytesIO:
    """Return an XLSX with the first visible sheet of ``content`` and nothing that was not checked.

    Raises:
        InvalidInput: damaged, encrypted, with macros, another format, or beyond ``limits``.
    """
    try:
        with _opened(content, limits) as archive:
            parts = _parts(archive, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InvalidInput(tr("The spreadsheet is damaged: its archive cannot be read.")) from error
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


def _opened(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open ``content`` after its directory was found short enough to be read at all."""
    if content.count(_ENTRY_MARK) > limits.entries:
        raise InvalidInput(tr("The file holds more than {limit:,} files: it is no price sheet.", limit=limits.entries))
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInput(tr("The file is protected with a password. Save it without one."))
    names = {entry.filename for entry in entries}
    if len(names) != len(entries):
        raise InvalidInput(tr("The spreadsheet is damaged: it holds two parts of one name."))
    _check_format(names)
    unpacked = sum(entry.file_size for entry in entries)
    most = max(limits.unpacked_floor, limits.ratio * len(content))
    if unpacked > min(limits.unpacked_bytes, most):
        raise InvalidInput(tr("The file unpacks to {size:,} MB, which is too much.", size=unpacked // 1_000_000))
    return archive


def _check_format(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise InvalidInput(tr("The file holds macros (.xlsm). Save it as .xlsx or CSV."))
    if _WORKBOOK not in names:
        kind = next((kind for part, kind in _OTHER_KINDS if part in names), later("a ZIP archive"))
        raise InvalidInput(tr("The file is {kind}, not an XLSX spreadsheet. Save it as .xlsx or CSV.", kind=say(kind)))


def _parts(archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes | str]:
    """Return the parts of the new package, name -> content, in the order the parser wants them."""
    targets = _targets(archive)
    parts: dict[str, bytes | str] = dict(_FIXED_PARTS)
    sheet = archive.read(_first_visible(archive, targets))
    check_sheet(sheet, limits)
    by_kind = {kind: path for kind, path in targets.values() if kind in {"sharedStrings", "styles"}}
    if "styles" in by_kind:
        styles = archive.read(by_kind["styles"])
        check_part(styles)
        parts["xl/styles.xml"] = styles
    if "sharedStrings" in by_kind:
        strings = archive.read(by_kind["sharedStrings"])
        check_shared_strings(strings, sheet, limits)
        parts["xl/sharedStrings.xml"] = strings
    parts[_SHEET_PATH] = sheet
    return parts


def _targets(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return relation id -> (kind, path in the archive) for the workbook's parts that are there."""
    targets: dict[str, tuple[str, str]] = {}
    names = frozenset(archive.namelist())

    def add(name: str, attributes: dict[str, str]) -> None:
        path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))[1:]
        if name == "Relationship" and path in names:
            targets[attributes.get("Id", "")] = (posixpath.basename(attributes.get("Type", "")), path)

    if _RELATIONS in names:
        scan(archive.read(_RELATIONS), add)
    return targets


def _first_visible(archive: zipfile.ZipFile, targets: dict[str, tuple[str, str]]) -> str:
    """Return the path of the first worksheet that a person sees."""
    paths: list[str] = []

    def add(name: str, attributes: dict[str, str]) -> None:
        if name != "sheet" or attributes.get("state", "visible") != "visible":
            return
        relation = next((value for key, value in attributes.items() if ":" in key and local_name(key) == "id"), "")
        kind, path = targets.get(relation, ("", ""))
        if kind == "worksheet":
            paths.append(path)

    scan(archive.read(_WORKBOOK), add)
    if not paths:
        raise InvalidInput(tr("The spreadsheet has no visible sheet with cells."))
    return paths[0]
