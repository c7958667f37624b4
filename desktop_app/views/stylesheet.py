"""The one stylesheet, generated from the tokens. Widgets choose a look with the property ``look``, never a colour.

Lengths are those of text at its usual size: whatever holds text grows with it by itself.
"""

import re
from collections.abc import Mapping
from string import Template
from typing import Final

from desktop_app.views.shell_sheet import SHELL_SHEET

_SHEET: Final = Template(
    SHELL_SHEET
    + """
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
QPushButton:focus { border: 2px solid $focus; padding: 0 11px; min-height: 26px; outline: none; }
QToolButton:focus { border: 2px solid $focus; padding: 3px; outline: none; }
QPushButton[look="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[look="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[look="primary"]:pressed { background: $accent_press; border-color: $accent_press; }
QPushButton[look="primary"]:disabled { background: $sunken; border-color: $line_strong; color: $text_disabled; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="chip"] { border-radius: 12px; min-height: 24px; padding: 0 8px; background: $surface; color: $text2; }
QPushButton[look="chip"]:hover { background: $hover; }
QPushButton[look="chip"]:checked { background: $accent_bg; border-color: $accent; color: $accent_text; }
QPushButton[look="chip"][menu="true"] { padding-right: 17px; }
QPushButton[look="chip"]:focus { border: 2px solid $focus; padding: 0 7px; min-height: 22px; }
QPushButton[look="chip"][tight="true"] { padding: 0 6px; }
QPushButton[look="chip"][tight="true"]:focus { padding: 0 5px; }
QPushButton[look="nav"] { text-align: left; border: 1px solid transparent; border-radius: 6px; background: transparent;
  padding: 0 10px; min-height: 30px; font-size: 13px; font-weight: 500; color: $text2; }
QPushButton[look="nav"]:hover { background: $hover; }
QPushButton[look="nav"]:checked { background: $surface; border-color: $line; color: $text; font-weight: 600; }
QPushButton[look="nav"]:focus { border: 2px solid $focus; padding: 0 9px; min-height: 28px; }
QPushButton::menu-indicator { image: url($mark_down); width: 12px; height: 12px; subcontrol-origin: padding;
  subcontrol-position: center right; right: 6px; }
QPushButton[look="quiet"] { background: transparent; border-color: transparent; }
QPushButton[look="quiet"]:hover { background: $hover; }
QPushButton[look="quiet"]:focus { border: 2px solid $focus; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $hover; border-color: $line; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit { background: $surface; border: 1px solid $control; border-radius: 6px; padding: 0 8px; min-height: 28px;
  font-size: 13px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $text3; }
QLineEdit:focus { border: 2px solid $focus; padding: 0 7px; min-height: 26px; }
QLineEdit[invalid="true"] { border: 2px solid $danger_icon; padding: 0 7px; min-height: 26px; }

QLineEdit:disabled { color: $text_disabled; border-color: $line_strong; background: $subtle; }

QComboBox, QAbstractSpinBox { background: $surface; border: 1px solid $control; border-radius: 6px; padding: 0 8px;
  min-height: 28px; font-size: 13px; selection-background-color: $accent; selection-color: $on_accent; }
QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $focus; padding: 0 7px; min-height: 26px; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $text_disabled; border-color: $line_strong; background: $subtle; }
QComboBox::drop-down { border: none; width: 24px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url($mark_down); width: 14px; height: 14px; }
QComboBox[look="snug"] { padding: 0 0 0 8px; }
QComboBox[look="snug"]:focus { padding: 0 0 0 7px; }
QComboBox[look="snug"]::drop-down { width: 20px; }
QComboBox::down-arrow:disabled { image: url($mark_down_off); }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line_strong; border-radius: 6px; padding: 4px;
  outline: none; selection-background-color: $selected; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 24px;
  subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0 0 0 8px; min-height: 0; }
QDateEdit::drop-down { border: none; width: 24px; subcontrol-position: center right; }
QDateEdit::down-arrow { image: url($mark_down); width: 14px; height: 14px; }
QAbstractSpinBox::up-arrow { image: url($mark_up); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url($mark_down); width: 12px; height: 12px; }

QCheckBox, QRadioButton { spacing: 8px; padding: 2px; min-height: 24px; border: 2px solid transparent; border-radius: 6px;
  font-size: 13px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox:disabled, QRadioButton:disabled { color: $text_disabled; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator { width: 14px; height: 14px; border: 1px solid $control;
  border-radius: 4px; background: $surface; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text2; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($mark_tick); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url($mark_partly); }
QRadioButton::indicator { border-radius: 8px; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url($mark_dot); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line_strong; background: $sunken; }
QCheckBox[look="switch"]::indicator { width: 34px; height: 20px; border: none; background: transparent;
  image: url($mark_off); }
QCheckBox[look="switch"]::indicator:checked { background: transparent; image: url($mark_on); }

QFrame[look="segments"] { background: $sunken; border: 1px solid $line; border-radius: 8px; }
QPushButton[look="segment"] { background: transparent; border: 1px solid transparent; min-height: 24px; padding: 0 10px;
  color: $text2; }
QPushButton[look="segment"]:hover { color: $text; }
QPushButton[look="segment"]:checked { background: $surface; border-color: $line_strong; color: $text; }
QPushButton[look="segment"]:focus { border: 2px solid $focus; padding: 0 9px; }

QLabel[look="setting"] { font-size: 13px; font-weight: 500; }
QLabel[look="body"] { font-size: 13px; }
QLabel[look="error"] { font-size: ${small}px; color: $danger; }
QLabel[look="warning"] { font-size: ${small}px; color: $warning; background: $warning_bg; border: 1px solid $warning_line;
  border-radius: 8px; padding: 8px 12px; }
QWidget#page { background: $surface; }
QFrame[look="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[look="row"] { border: none; border-top: 1px solid $line; background: transparent; }
QFrame[look="row"][first="true"] { border-top: none; }
QFrame[look="side"] { background: $subtle; border: none; border-right: 1px solid $line; border-top-left-radius: 10px;
  border-bottom-left-radius: 10px; }
QFrame[look="dock"] { background: $edit_bg; border: none; border-top: 1px solid $line; border-bottom-right-radius: 10px; }
QListWidget[look="pages"] { background: transparent; border: none; font-size: 13px; outline: none; }
QListWidget[look="pages"]::item { border: 1px solid transparent; border-radius: 6px; padding: 0 8px; color: $text2; }
QListWidget[look="pages"]::item:hover { background: $hover; }
QListWidget[look="pages"]::item:selected { background: $surface; border-color: $line_strong; color: $text; }
QListWidget[look="pages"]::item:focus { border: 2px solid $focus; padding: 0 7px; }
QSlider::groove:horizontal { background: $line_strong; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: $raised; border: 2px solid $accent; width: 14px; height: 14px; margin: -7px 0;
  border-radius: 9px; }
QSlider::handle:horizontal:focus { border: 3px solid $focus; }

QFrame#dock { background: $edit_bg; border: none; border-top: 1px solid $line; border-bottom-left-radius: 10px; }
QFrame#dock QLabel[look="facts"] { color: $text2; }
QFrame#selection { background: $accent_bg; border: 1px solid $line; border-radius: 8px; }
QFrame[look="note-danger"] { background: $danger_bg; border: 1px solid $danger_line; border-radius: 6px; }
QFrame[look="note-ask"] { background: $raised; border: 1px solid $line_strong; border-radius: 6px; }
QLabel[look="note"] { font-size: ${small}px; font-weight: 500; }
QFrame[look="note-danger"] QLabel[look="note"] { color: $danger; }
QPushButton[look="note"] { min-height: 22px; padding: 0 8px; }
QPushButton[look="removable"] { border-radius: 13px; min-height: 24px; padding: 0 9px; background: $accent_bg;
  border-color: $accent; color: $accent_text; }
QPushButton[look="removable"]:focus { border: 2px solid $focus; padding: 0 8px; }
QListWidget#columns { background: $surface; border: 1px solid $line; border-radius: 8px; padding: 4px; outline: none; }
QListWidget#columns:focus { border: 2px solid $focus; padding: 3px; }
QListWidget#columns::item { min-height: 28px; padding: 0 6px; border-radius: 4px; }
QListWidget#columns::item:selected { background: $selected; color: $text; }
QListWidget#columns::indicator { width: 14px; height: 14px; border: 1px solid $control; border-radius: 4px;
  background: $surface; }
QListWidget#columns::indicator:checked { background: $accent; border-color: $accent; image: url($mark_tick); }
QLineEdit[look="cell"] { border: 2px solid $focus; border-radius: 6px; padding: 0 8px; min-height: 0; font-weight: 500; }
QLineEdit[look="cell"][invalid="true"] { border: 2px solid $danger_icon; padding: 0 8px; }
QFrame#bulk { background: $sunken; border: 1px solid $line; border-radius: 8px; }
QFrame[look="banner-danger"] { background: $danger_bg; border: 1px solid $danger_line; border-radius: 8px; }
QFrame[look="banner-danger"] QLabel[look="strong"] { color: $danger; }
QFrame[look="banner-info"] { background: $info_bg; border: 1px solid $info_line; border-radius: 8px; }
QFrame[look="banner-info"] QLabel[look="strong"] { color: $info; }
QFrame[look="banner-danger"] QLabel[look="facts"], QFrame[look="banner-info"] QLabel[look="facts"] { color: $text2; }
QFrame#inspector { background: $surface; border: none; border-left: 1px solid $line; border-bottom-right-radius: 10px; }
QFrame#inspector QScrollArea, QFrame#inspector QWidget#facts { background: transparent; border: none; }
QLabel[look="answer"] { font-size: ${small}px; color: $text; }
QLabel[look="answer-strong"] { font-size: ${small}px; font-weight: 600; color: $text; }
QPushButton[look="fold"], QPushButton[look="link-end"] { background: transparent; border: 1px solid transparent;
  padding: 0 4px 0 0; min-height: 24px; color: $accent_text; text-align: left; }
QPushButton[look="link-end"] { padding: 0; text-align: right; }
QPushButton[look="fold"]:hover, QPushButton[look="link-end"]:hover { text-decoration: underline; }
QPushButton[look="fold"]:focus, QPushButton[look="link-end"]:focus { border: 2px solid $focus; }
QPushButton[look="link-end"]:disabled { color: $text; }
QCheckBox[look="switch"][bare="true"] { spacing: 0; padding: 0; }
QFrame[look="banner-warning"] QLabel[look="note"] { color: $warning; }
QFrame[look="banner-info"] QLabel[look="note"] { color: $info; }
QFrame[look="step-won"] { background: $accent_bg; border: none; border-radius: 4px; }
QFrame#toast { background: $raised; border: 1px solid $line_strong; border-radius: 8px; }

QFrame[look="pill-success"] { background: $success_bg; border: none; border-radius: 10px; }
QLabel[look="pill-text-success"] { font-size: ${caption}px; font-weight: 500; color: $success; }
QFrame[look="pill-warning"] { background: $warning_bg; border: none; border-radius: 10px; }
QLabel[look="pill-text-warning"] { font-size: ${caption}px; font-weight: 500; color: $warning; }
QFrame[look="pill-danger"] { background: $danger_bg; border: none; border-radius: 10px; }
QLabel[look="pill-text-danger"] { font-size: ${caption}px; font-weight: 500; color: $danger; }
QFrame[look="pill-info"] { background: $info_bg; border: none; border-radius: 10px; }
QLabel[look="pill-text-info"] { font-size: ${caption}px; font-weight: 500; color: $info; }
QFrame[look="pill-neutral"] { background: $neutral_bg; border: none; border-radius: 10px; }
QLabel[look="pill-text-neutral"] { font-size: ${caption}px; font-weight: 500; color: $neutral; }
QFrame[look="banner-warning"] { background: $warning_bg; border: 1px solid $warning_line; border-radius: 8px; }
QFrame[look="banner-warning"] QLabel[look="strong"] { color: $warning; }
QFrame[look="banner-warning"] QLabel[look="facts"] { color: $text2; }
QLabel[look="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[look="display-danger"] { font-size: ${display}px; font-weight: 600; color: $danger; }
QLabel[look="caution"] { font-size: ${small}px; color: $warning; }
QLabel[look="metric"] { font-size: ${metric}px; font-weight: 600; }
QLabel[look="value"] { font-size: 13px; color: $text; }
QLabel[look="error"] { font-size: ${small}px; color: $danger; }
QPushButton[look="card"] { text-align: left; background: $surface; border: 1px solid $line_strong; border-radius: 8px;
  padding: 6px 14px; min-height: 24px; font-size: 13px; }
QPushButton[look="card"]:hover { background: $hover; }
QPushButton[look="card"]:checked { background: $accent_bg; border-color: $accent; color: $accent_text; }
QPushButton[look="card"]:focus { border: 2px solid $focus; padding: 5px 13px; }
QPushButton[look="link"] { background: transparent; border: 1px solid transparent; padding: 0 4px; min-height: 24px;
  color: $accent_text; text-align: left; }
QPushButton[look="link"]:hover { text-decoration: underline; }
QPushButton[look="link"]:focus { border: 2px solid $focus; padding: 0 3px; }
QPushButton[look="danger"] { background: $danger_fill; border-color: $danger_fill; color: $on_accent; }
QPushButton[look="danger"]:focus { border: 2px solid $text; }
QListView { background: $surface; border: none; outline: none; }
QFrame[look="country"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[look="country-on"] { background: $surface; border: 1px solid $accent; border-radius: 8px; }
QCheckBox[look="tick"] { spacing: 0; max-width: 20px; }
QPushButton[look="refuse"] { color: $danger; border-color: $danger_line; }
QPushButton[look="refuse"]:disabled { color: $text_disabled; border-color: $line_strong; }
QPushButton[look="need"] { background: transparent; border: 1px solid transparent; padding: 0; min-height: 24px; }
QPushButton[look="need"]:hover { background: $hover; }
QPushButton[look="need"]:focus { border: 2px solid $focus; }
QScrollArea#pages { background: $sunken; border: none; }
QScrollArea#pages:focus { border: 2px solid $focus; }
QScrollArea#pages > QWidget > QWidget { background: transparent; }
QFrame[look="rule"] { background: $line; border: none; }
QDialog { background: $surface; }

QFrame[look="token-field"] { background: $surface; border: 1px solid $control; border-radius: 6px; padding: 1px; }
QFrame[look="token-field"][focused="true"] { border: 2px solid $focus; padding: 0; }
QLineEdit[look="bare"] { background: transparent; border: none; padding: 0 3px; min-height: 24px; }
QPushButton[look="token"], QPushButton[look="token-off"] { border-radius: 12px; min-height: 22px; padding: 0 9px;
  background: $accent_bg; border: 1px solid $accent; color: $accent_text; }
QPushButton[look="token-off"] { background: $sunken; border-color: $control; color: $text2; }
QPushButton[look="token"]:hover, QPushButton[look="token-off"]:hover { background: $selected_strong; }
QPushButton[look="token"]:focus, QPushButton[look="token-off"]:focus { border: 2px solid $focus; padding: 0 8px; }
QListView[look="suggestions"] { background: $raised; border: 1px solid $line_strong; padding: 4px; font-size: 13px; }
QListView[look="suggestions"]::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QListView[look="suggestions"]::item:selected { background: $selected; color: $text; }
QScrollArea[look="plain"], QWidget#form { background: transparent; border: none; }
QFrame[look="card"] { background: $subtle; border: 1px solid $line; border-radius: 8px; }
QLabel[look="small"] { font-size: ${small}px; color: $text2; }
QLabel[look="unit"] { font-size: 13px; color: $text3; }
QLabel[look="strong-small"] { font-size: ${small}px; font-weight: 600; }
QLabel[look="step"] { font-size: ${caption}px; font-weight: 600; color: $accent_text; background: $accent_bg;
  border-radius: 10px; }
QLabel[look="before"] { font-size: 14px; color: $text2; }
QLabel[look="gain"] { font-size: ${small}px; font-weight: 500; color: $success; }
QLabel[look="drop"] { font-size: ${small}px; font-weight: 500; color: $danger; }

QTableView { background: $surface; border: none; border-top: 1px solid $line; border-bottom-left-radius: 10px;
  border-bottom-right-radius: 10px; font-size: 13px; selection-background-color: $selected; selection-color: $text;
  outline: none; }
QHeaderView { background: $subtle; border: none; font-size: ${small}px; font-weight: 500; }
QPlainTextEdit[look="field"] { background: $surface; border: 1px solid $control; border-radius: 6px; padding: 3px;
  font-size: 13px; }
QPlainTextEdit[look="field"]:focus { border: 2px solid $focus; padding: 2px; }
QPlainTextEdit#mail { background: transparent; border: none; font-size: 12px; padding: 0; }
QPlainTextEdit#mail:focus { border: 2px solid $focus; border-radius: 6px; }
QHeaderView#names { background: $surface; }
QHeaderView::section { background: $subtle; color: $text2; border: none; border-bottom: 1px solid $line; padding: 0 12px; }
QHeaderView::section:first { padding-left: 20px; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableView QTableCornerButton::section { background: $subtle; border: none; }

QLineEdit[look="tall"], QComboBox[look="tall"] { min-height: 34px; }
QLineEdit[look="tall"]:focus, QLineEdit[look="tall"][invalid="true"], QComboBox[look="tall"]:focus { min-height: 32px; }
QPlainTextEdit[look="quote"] { background: $subtle; border: 1px solid $line; border-radius: 6px; padding: 4px; color: $text; }
QPlainTextEdit[look="quote"]:focus { border: 2px solid $focus; padding: 3px; }
QPlainTextEdit[look="bare"] { background: transparent; border: none; font-size: 13px;
  selection-background-color: $accent; selection-color: $on_accent; }
QFrame[look="outlined"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QTableView[look="inset"] { border-radius: 0; }
QProgressBar[look="credit"] { background: transparent; min-height: 10px; max-height: 10px; }
QLabel[look="bubble"] { background: $neutral_bg; color: $text; border-radius: 12px; padding: 9px 12px;
  font-size: ${small}px; }
QLabel[look="warn-small"] { font-size: ${small}px; color: $warning; }
QLabel[look="error-strong"], QLabel[look="loss"] { font-size: ${small}px; font-weight: 600; color: $danger; }
QLabel[look="loss"] { font-size: 13px; font-weight: 500; }
QLabel[look="value-strong"] { font-size: 13px; font-weight: 500; color: $text; }
QTableView[look="plain"]::item { padding: 0 12px; border-bottom: 1px solid $line; }
QTableView[look="plain"]::item:selected { background: $selected; color: $text; }
QTableView[look="plain"]::item:focus { border: 2px solid $focus; padding: 0 10px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $control_soft; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $control; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle:horizontal { background: $control_soft; border-radius: 3px; min-width: 32px; }
QScrollBar::handle:horizontal:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent;
  height: 0; width: 0; }
QProgressBar { background: $sunken; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QMenu { background: $raised; border: 1px solid $line_strong; border-radius: 6px; padding: 4px; font-size: 13px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
"""
)


# What holds text: sizes of fonts, heights, and the corners of pills, which are half a height. Marks, bars and rings stay.
_GROWING: Final = re.compile(r"(font-size|(?:min-|max-)?height|border(?:-[a-z]+)*-radius): (\d+)px")
_SMALLEST_LENGTH: Final = {"font-size": 1, "height": 20}
_USUAL_LENGTH: Final = 12


def stylesheet(names: Mapping[str, str], roles: Mapping[str, tuple[int, int]], text_size: int = 100) -> str:
    """Return the stylesheet.

    Args:
        names: the colours of one appearance, and the files of the marks.
        roles: type role -> (pixels, weight).
        text_size: percent of the usual size.
    """
    sheet = _SHEET.substitute(names, **{name: size for name, (size, _) in roles.items()})

    def grown(match: re.Match[str]) -> str:
        kind, length = match[1], int(match[2])
        smallest = _SMALLEST_LENGTH.get(kind.removeprefix("min-").removeprefix("max-"), _USUAL_LENGTH)
        return f"{kind}: {(length * text_size + 50) // 100 if length >= smallest else length}px"

    return sheet if text_size == 100 else _GROWING.sub(grown, sheet)
