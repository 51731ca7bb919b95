"""Names as they are compared: lower case, without accents, one space between words."""

from __future__ import annotations

import unicodedata

# Letters that carry no separable accent and are still written both ways.
_ALSO = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "’": "'", "‐": "-"}
)


def fold(text: str) -> str:
    """`text` for search and comparison: "Zoë  ŁUKASIK-O’Brien" becomes "zoe lukasik-o'brien"."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALSO))
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())
