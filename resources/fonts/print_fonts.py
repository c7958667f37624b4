"""Make the fonts of printed lists from Inter: its tabular figures become its usual ones.

Qt finds a glyph's character in the font's own table of characters. Figures that a font feature puts in place of the usual ones
are not in it, and a PDF drawn with them can be read but neither searched nor copied.

    pip install fonttools && python resources/fonts/print_fonts.py
"""

from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER: Final = Path(__file__).parent
FAMILY: Final = "Inter Print"
# Nothing that exchanges glyphs for others: what is drawn is what is written.
FEATURES: Final = ("kern", "mark", "mkmk")
_PRIVATE: Final = range(0xE000, 0xF900)
_FAMILY_NAMES: Final = (1, 16)
_FULL_NAMES: Final = (4, 6)


def tabular(font: Any) -> dict[str, str]:
    """Return which glyph stands for which when figures are tabular."""
    substitutions = font["GSUB"].table
    lookups = {
        number
        for record in substitutions.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for number in record.Feature.LookupListIndex
    }
    tables = [table for number in lookups for table in substitutions.LookupList.Lookup[number].SubTable]
    return {usual: other for table in tables for usual, other in getattr(table, "ExtSubTable", table).mapping.items()}


def make(weight: str) -> None:
    """Write the font of one weight."""
    font = TTFont(FOLDER / f"Inter-{weight}.otf")
    figures = tabular(font)
    for table in font["cmap"].tables:
        glyphs = {code: glyph for code, glyph in table.cmap.items() if code not in _PRIVATE}
        table.cmap = {code: figures.get(glyph, glyph) for code, glyph in glyphs.items()}
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = FAMILY
        elif record.nameID in _FULL_NAMES:
            record.string = f"{FAMILY.replace(' ', '')}-{weight}"
    options = subset.Options(layout_features=list(FEATURES), name_IDs=["*"], hinting=False)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=font.getBestCmap())
    chosen.subset(font)
    font.save(FOLDER / f"InterPrint-{weight}.otf")


if __name__ == "__main__":
    for name in ("Regular", "SemiBold"):
        make(name)
