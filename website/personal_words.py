"""What looks like a person's telephone number, address of mail or name in a text that will be published.

Nobody is refused for it: the sender is told before it is sent, and may have it covered.
"""

import re

PHONE = re.compile(
    r"(?<!\d)(?:\+82[-. ]?\(?0?\)?|\(?0)(?:1[016789]|2|[3-6]\d|70)\)?[-. ]?\d{3,4}[-. ]?\d{4}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Only where the text itself calls it a name.
SAID_NAME = re.compile(
    r"(?:이름|성명)(?:은\s*|\s*:\s*|\s+)([가-힣]{2,4}?)(?=입니다|이라고|이고|이며|[\s,.]|$)"
)
SHORTEST_NAME = 2


def found(text: str, name: str = "") -> list[str]:
    """In the order of the text, each once. `name`: what the sender gave as a name of their own."""
    places = [(match.start(), match[0].strip()) for way in (PHONE, MAIL) for match in way.finditer(text)]
    places += [(match.start(1), match[1]) for match in SAID_NAME.finditer(text)]
    own = name.strip()
    if len(own) >= SHORTEST_NAME and own in text:
        places.append((text.index(own), own))
    return list(dict.fromkeys(words for _at, words in sorted(places)))


def masked(text: str, name: str = "") -> str:
    for words in sorted(found(text, name), key=len, reverse=True):
        text = text.replace(words, re.sub(r"\w", "○", words))
    return text
