"""The embedded broker: Celery's filesystem transport, with messages that appear whole.

The transport opens a message file under its final name and then writes it, so a worker that looks at the wrong
moment reads an empty message and dies. Here the file is written beside the folder and renamed into it.
"""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class WholeMessageChannel(filesystem.Channel):
    # The stubs of the two parents call the second argument differently; ours is called as the nearer one's.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        # The control folder stands beside the message folder, so the rename stays on one file system.
        draft = Path(self.control_folder) / f"{name}.draft"
        draft.write_text(dumps(payload))
        os.replace(draft, Path(self.data_folder_out) / name)


class Transport(filesystem.Transport):
    Channel = WholeMessageChannel


def use_whole_messages() -> None:
    """`filesystem://` means this transport from here on."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
