"""Line breaks as Korean readers expect them: between words, not between syllables.

WeasyPrint has no `word-break: keep-all`. A word joiner between two syllables forbids the break; it has no width,
and the text that people copy out of the PDF does not contain it.
"""

import re

from reports.typesetter import WORD_JOINER

# Text that is never broken, or that is not text.
_UNTOUCHED = re.compile(
    r"(<style.*?</style>|<title.*?</title>|<svg.*?</svg>|<pre.*?</pre>|<[^>]*>)", re.DOTALL
)
_INSIDE_WORD = re.compile(r"(?<=[가-힣0-9A-Za-z)’”%])(?=[가-힣(])|(?<=[가-힣(])(?=[0-9A-Za-z(),.·~’”%])")


def keep_words(html: str) -> str:
    """The same document with its Korean words held together."""
    parts = _UNTOUCHED.split(html)
    parts[::2] = [_INSIDE_WORD.sub(WORD_JOINER, text) if text.strip() else text for text in parts[::2]]
    return "".join(parts)
