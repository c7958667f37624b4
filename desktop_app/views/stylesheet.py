"""The one stylesheet, generated from the tokens. Widgets choose a look with the property ``look``, never a colour."""

from collections.abc import Mapping
from string import Template
from typing import Final

_SHEET: Final = Template("""
QWidget { color: $text; }
QMainWindow, QWidget#shell { background: $chrome; }
QWidget#panel { background: $surface; border: 1px solid $line; border-radius: 10px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line_strong; padding: 4px 6px; font-size: ${small}px; }

QLabel { background: transparent; }
QLabel[look="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[look="h2"] { font-size: ${h2}px; font-weight: 600; }
QLabel[look="brand"] { font-size: 13px; font-weight: 600; }
QLabel[look="strong"] { font-size: 13px; font-weight: 600; }
QLabel[look="facts"] { font-size: ${small}px; color: $text3; }
QLabel[look="crumb"] { font-size: 13px; color: $text3; }
QLabel[look="here"] { font-size: 13px; font-weight: 500; color: $text; }
QLabel[look="caption"] { font-size: ${caption}px; font-weight: 500; color: $text2; }
QLabel[look="field"] { font-size: ${small}px; font-weight: 500; color: $text; }
QLabel[look="section"] { font-size: ${small}px; font-weight: 500; color: $text3; }
QLabel[look="sandbox"] { font-size: ${caption}px; font-weight: 500; color: $warning; background: $warning_bg;
  border: 1px solid $warning_line; border-radius: 4px; padding: 1px 8px; }
QLabel[look="key"] { font-size: ${caption}px; font-weight: 500; color: $text2; background: $sunken;
  border: 1px solid $line_strong; border-radius: 4px; padding: 0 4px; }

QPushButton { background: $raised; border: 1px solid $line_strong; border-radius: 6px; padding: 0 12px;
  min-height: 28px; font-size: 12px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:disabled { color: $text_disabled; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; }
QPushButton[look="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[look="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[look="primary"]:pressed { background: $accent_press; border-color: $accent_press; }
QPushButton[look="primary"]:disabled { background: $sunken; border-color: $line_strong; color: $text_disabled; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="chip"] { border-radius: 13px; min-height: 24px; padding: 0 11px; background: $surface; color: $text2; }
QPushButton[look="chip"]:hover { background: $hover; }
QPushButton[look="chip"]:checked { background: $accent_bg; border-color: $accent; color: $accent_text; }
QPushButton[look="chip"]:focus { border: 2px solid $focus; padding: 0 10px; }
QPushButton[look="nav"] { text-align: left; border: 1px solid transparent; border-radius: 6px; background: transparent;
  padding: 0 10px; min-height: 30px; font-size: 13px; font-weight: 500; color: $text2; }
QPushButton[look="nav"]:hover { background: $hover; }
QPushButton[look="nav"]:checked { background: $surface; border-color: $line; color: $text; font-weight: 600; }
QPushButton[look="nav"]:focus { border: 2px solid $focus; padding: 0 9px; }
QPushButton[look="quiet"] { background: transparent; border-color: transparent; }
QPushButton[look="quiet"]:hover { background: $hover; }
QPushButton[look="quiet"]:focus { border: 2px solid $focus; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $hover; border-color: $line; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit { background: $surface; border: 1px solid $control; border-radius: 6px; padding: 0 8px; min-height: 28px;
  font-size: 13px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus { border: 2px solid $focus; padding: 0 7px; }
QLineEdit[invalid="true"] { border: 2px solid $danger_icon; padding: 0 7px; }

QFrame#bulk { background: $sunken; border: 1px solid $line; border-radius: 8px; }
QFrame[look="banner-danger"] { background: $danger_bg; border: 1px solid $danger_line; border-radius: 8px; }
QFrame[look="banner-danger"] QLabel[look="strong"] { color: $danger; }
QFrame[look="banner-info"] { background: $info_bg; border: 1px solid $info_line; border-radius: 8px; }
QFrame[look="banner-info"] QLabel[look="strong"] { color: $info; }
QFrame[look="banner-danger"] QLabel[look="facts"], QFrame[look="banner-info"] QLabel[look="facts"] { color: $text2; }
QFrame#toast { background: $raised; border: 1px solid $line_strong; border-radius: 8px; }

QTableView { background: $surface; border: none; border-top: 1px solid $line; border-bottom-left-radius: 10px;
  border-bottom-right-radius: 10px; font-size: 13px; selection-background-color: $selected; selection-color: $text;
  outline: none; }
QHeaderView { background: $subtle; border: none; font-size: ${small}px; font-weight: 500; }
QHeaderView::section { background: $subtle; color: $text2; border: none; border-bottom: 1px solid $line; padding: 0 12px; }
QHeaderView::section:first { padding-left: 20px; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableView QTableCornerButton::section { background: $subtle; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $control_soft; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent;
  height: 0; width: 0; }
QProgressBar { background: $sunken; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QMenu { background: $raised; border: 1px solid $line_strong; border-radius: 6px; padding: 4px; font-size: 13px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
""")


def stylesheet(colours: Mapping[str, str], roles: Mapping[str, tuple[int, int]]) -> str:
    """Return the stylesheet for the colours of one appearance and the pixel sizes of the type roles."""
    return _SHEET.substitute(colours, **{name: size for name, (size, _) in roles.items()})
