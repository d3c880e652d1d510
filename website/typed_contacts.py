"""The ways in which people write a telephone number; what is typed, never shown."""

import re

WRITTEN = re.compile(r"\+?[0-9() .\-–—/·]+(?:(?:내선|구내|ext\.?|#)\s*[0-9]{1,6}번?)?", re.IGNORECASE)
EXTENSION = re.compile(r"(?:내선|구내|ext\.?|#).*", re.IGNORECASE)
