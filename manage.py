#!/usr/bin/env python
"""Entry point of every management command."""

import gc
import os
import sys

# Run every minute, by scripts or on one file, and need no screen: they start without Wagtail, in a third of the time. Their
# `requires_system_checks` is empty, since the checks would load the screens.
DOMAIN_COMMANDS = {
    "assess",
    "enforce_retention",
    "scan_footage",
    "place_hold",
    "list_destroyed",
    "verify_vault",
    "keep_held",
    "rotate_vault_key",
    "add_storage",
    "redact_clip",
}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in DOMAIN_COMMANDS:
        os.environ["DOMAIN_ONLY"] = "1"
        # What is loaded now stays until the end: looking for garbage in it again and again costs a tenth of the start.
        gc.set_threshold(100_000, 50, 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from config.command_line import run

    run(sys.argv)
