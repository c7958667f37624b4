"""The frame's part of the stylesheet: sidebar, top bar, popovers, palette, dialogs, menus. See ``stylesheet.py``."""

from typing import Final

SHELL_SHEET: Final = """
QWidget#shell { background: $chrome; }
QLabel[look="sandbox"] { padding: 0 8px; }
QFrame[look="line"], QWidget[look="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame#popover { background: $raised; border: 1px solid $line_strong; border-radius: 10px; }
QFrame#popover QScrollArea, QFrame#popover QScrollArea > QWidget > QWidget { background: transparent; }
QFrame[look="job"] { background: transparent; border: none; border-top: 1px solid $line; border-radius: 0px; }
QLabel[look="body-medium"] { font-size: 13px; font-weight: 500; }
QPushButton[look="row"] { background: transparent; border: 1px solid transparent; border-radius: 0px; padding: 0; }
QPushButton[look="row"]:hover { background: $hover; }
QPushButton[look="row"]:focus { border: 2px solid $focus; }
QPushButton[look="crumb"] { background: transparent; border: 1px solid transparent; padding: 0 4px; min-height: 24px;
  font-size: 13px; font-weight: 400; color: $text3; }
QPushButton[look="crumb"]:hover { color: $text; text-decoration: underline; }
QPushButton[look="crumb"]:focus { border: 2px solid $focus; padding: 0 3px; }
QPushButton[look="command"] { text-align: left; background: $surface; border: 1px solid $control; padding: 0 10px;
  font-size: 13px; font-weight: 400; color: $text3; }
QPushButton[look="command"]:hover { background: $hover; }
QPushButton[look="command"]:focus { border: 2px solid $focus; padding: 0 9px; }
QPushButton[look="jobs"] { background: $surface; border: 1px solid $line; padding: 0 12px 0 30px; min-height: 26px; }
QPushButton[look="jobs"]:hover { background: $hover; }
QPushButton[look="jobs"]:checked { background: $hover; border-color: $line_strong; }
QPushButton[look="jobs"]:focus { border: 2px solid $focus; padding: 0 11px 0 29px; }
QPushButton[look="status"] { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0 4px;
  min-height: 22px; font-size: ${caption}px; font-weight: 500; color: $text2; }
QPushButton[look="status"]:hover { color: $text; background: $hover; }
QPushButton[look="status"]:focus { border: 2px solid $focus; padding: 0 3px; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus { background: transparent; border: none; padding: 0; font-size: 14px; }
QListView[look="palette"] { background: transparent; border: none; padding: 4px 0; outline: none; }
QPlainTextEdit[look="code"] { background: $sunken; border: 1px solid $line_strong; border-radius: 6px; padding: 6px;
  font-family: "JetBrains Mono", "DejaVu Sans Mono", "Menlo", "Consolas", monospace; font-size: ${small}px;
  selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit[look="code"]:focus { border: 2px solid $focus; padding: 5px; }
QDialog { background: $raised; }
QDialog QScrollArea { background: transparent; border: 1px solid transparent; border-radius: 6px; }
QDialog QScrollArea:focus { border: 2px solid $focus; }
QWidget#sheet { background: transparent; }
QMenuBar { background: $chrome; border: none; padding: 2px 8px; font-size: 13px; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $selected; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::icon { padding-left: 8px; }
"""
