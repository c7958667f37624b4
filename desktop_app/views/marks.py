"""The small pictures inside native controls, which a stylesheet can only take from files: ticks, chevrons, switches."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTemporaryDir

from desktop_app.config import resource_path

_ICONS: Final = {
    "mark_tick": ("check", "on_accent"),
    "mark_down": ("chevron-down", "text2"),
    "mark_up": ("chevron-up", "text2"),
    "mark_down_off": ("chevron-down", "text_disabled"),
    "mark_right": ("chevron-right", "text2"),
}
_BAR: Final = '<rect x="3" y="7" width="10" height="2" rx="1" fill="{on_accent}"/>'
_DOT: Final = '<circle cx="8" cy="8" r="3" fill="{on_accent}"/>'
_SWITCH: Final = '<rect x=".5" y=".5" width="33" height="19" rx="9.5" fill="{fill}" stroke="{edge}"/>'
_KNOB: Final = '<circle cx="{x}" cy="10" r="{r}" fill="{knob}"/>'
_PICTURE: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">{body}</svg>'


class Marks:
    """Writes the pictures in the colours of an appearance and says where they are. Each colour is written once."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()
        self._written: set[Path] = set()

    def paths(self, colours: Mapping[str, str]) -> dict[str, str]:
        """Return the file of every mark, as a stylesheet writes it."""
        found = {name: self._icon(icon, colours[token]) for name, (icon, token) in _ICONS.items()}
        tone = "".join(colours[name] for name in ("accent", "on_accent", "control", "surface", "raised")).replace(
            "#", ""
        )
        found["mark_partly"] = self._write(f"partly-{tone}", 16, 16, _BAR.format_map(colours))
        found["mark_dot"] = self._write(f"dot-{tone}", 16, 16, _DOT.format_map(colours))
        on = _SWITCH.format(fill=colours["accent"], edge=colours["accent"])
        off = _SWITCH.format(fill=colours["surface"], edge=colours["control"])
        found["mark_on"] = self._write(f"on-{tone}", 34, 20, on + _KNOB.format(x=24, r=7, knob=colours["on_accent"]))
        found["mark_off"] = self._write(f"off-{tone}", 34, 20, off + _KNOB.format(x=10, r=6, knob=colours["control"]))
        return found

    def _icon(self, name: str, colour: str) -> str:
        path = self._path(f"{name}-{colour.removeprefix('#')}")
        if path not in self._written:
            source = resource_path(f"icons/{name}.svg").read_text("utf-8")
            source = source.replace("currentColor", colour).replace('stroke-width="2"', 'stroke-width="2.4"')
            self._store(path, source)
        return path.as_posix()

    def _write(self, name: str, width: int, height: int, body: str) -> str:
        path = self._path(name)
        if path not in self._written:
            self._store(path, _PICTURE.format(w=width, h=height, body=body))
        return path.as_posix()

    def _path(self, name: str) -> Path:
        return Path(self._folder.filePath(f"{name}.svg"))

    def _store(self, path: Path, source: str) -> None:
        path.write_text(source, "utf-8")
        self._written.add(path)
