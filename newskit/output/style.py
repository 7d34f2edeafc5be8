"""Colours of the figures and the article view, and the names they show for methods."""

from __future__ import annotations

from typing import Final

ACTOR_TYPE_COLOURS: Final = {
    "person": "#0072B2",
    "state": "#D55E00",
    "alliance": "#CC79A7",
    "organization": "#009E73",
    "movement": "#E69F00",
    "party": "#56B4E9",
    "people": "#999933",
    "place": "#8C6D31",
    "group": "#444444",
}
"""Colour-blind safe (Okabe and Ito), on light and dark backgrounds."""
TONE_COLOURS: Final = {"negative": "#B2182B", "neutral": "#BDBDBD", "positive": "#2166AC"}
POSITION_COLOURS: Final = {
    "support": "#2166AC",
    "opposition": "#B2182B",
    "condition": "#E69F00",
    "ambivalence": "#8C8C8C",
}
QUOTE_COLOURS: Final = {"direct": "#0072B2", "mixed": "#56B4E9", "indirect": "#BDBDBD"}
"""How sources are quoted: the more in quotation marks, the darker."""
VOICE_MATRIX_COLOURS: Final = "RdBu"
"""Matplotlib's colour map for the cells of the voice matrix: red is negative, white 0, blue positive."""
FOCUS_COLOUR: Final = "#0072B2"
"""Bars and marks that have no colour of their own; in comparisons, the focus."""
REFERENCE_COLOUR: Final = "#D55E00"
LINE_COLOUR: Final = "#333333"
"""Intervals, zero lines and outlines."""
LINE_COLOUR_ON_DARK: Final = "#CCCCCC"
PALE_COLOUR: Final = "#BDBDBD"
"""What is not statistically significant."""
GRID_COLOUR: Final = "#DDDDDD"
ARTICLE_HUES: Final = (205, 25, 130, 285, 50, 340, 170, 90, 245, 0, 310, 65)
"""Hues (degrees) of the actors in the article view; drawn as translucent tints, legible on white and on black."""
TONE_METHOD_NAMES: Final = {"model": "the tone model", "textblob": "TextBlob", "directed": "directed tone"}
GROUP_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7F7F7F")
"""Groups, periods and lines (Okabe and Ito); each has a mark of its own too, legible in grey."""
GROUP_MARKS: Final = "osD^vPX*"
FEW: Final = 5
"""Cells with fewer observations are faint."""
NOT_CORRECTED: Final = "†"
"""Mark of rows that codings do not correct, in a figure where they correct others."""
