#!/usr/bin/env python
"""Entry point of every management command."""

import os
import sys

# Run every minute or by scripts, and need no screen: they start without Wagtail, in a third of the time.
DOMAIN_COMMANDS = {
    "enforce_retention",
    "scan_footage",
    "place_hold",
    "list_destroyed",
    "add_storage",
}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in DOMAIN_COMMANDS:
        os.environ["DOMAIN_ONLY"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
