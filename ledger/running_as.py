"""Who runs a command: the account of the operating system, since commands have no login of their own."""

import os
import pwd
import re


def account() -> str:
    """The account that called `sudo`, else the one that the process runs as. It is a reference, not a person's name."""
    called = os.environ.get("SUDO_USER", "")
    if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", called):
        return called
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"
