"""The embedded broker: Celery's filesystem transport, with messages that appear whole.

The transport opens a message file under its final name and then writes it, so a worker that looks at the wrong
moment reads an empty message and dies. Here the file is written beside the folder and renamed into it. Files that a power
cut damaged (messages, and the tables of which queue hears which exchange) are set aside instead of ending the worker.
"""

import contextlib
import json
import logging
import os
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

from config.state_files import set_aside

logger = logging.getLogger(__name__)


class WholeMessageChannel(filesystem.Channel):
    # The stubs of the two parents call the second argument differently; ours is called as the nearer one's.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        # The control folder stands beside the message folder, so the rename stays on one file system.
        draft = Path(self.control_folder) / f"{name}.draft"
        try:
            draft.write_text(dumps(payload))
            os.replace(draft, Path(self.data_folder_out) / name)
        except OSError:
            # A full disk: beat tries again every minute, and its drafts would fill what is left.
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: Any = None) -> Any:
        """The oldest message of a queue; none while the folder cannot be used: a worker waits, and does not end."""
        try:
            return self._taken(queue)
        except OSError as error:
            _say_once_a_minute(error)
            raise Empty from error

    def _taken(self, queue: str) -> Any:
        """Taken by a rename, which succeeds for one worker only."""
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.control_folder) / f"{name}.taken"
            with contextlib.suppress(FileNotFoundError):
                os.replace(Path(self.data_folder_in) / name, taken)
                if (message := _message_in(taken)) is not None:
                    taken.unlink()
                    return message
        raise Empty

    def get_table(self, exchange: str) -> Any:
        self._set_aside_damaged_table(exchange)
        return super().get_table(exchange)

    def _queue_bind(self, exchange: str, *args: Any) -> None:
        self._set_aside_damaged_table(exchange)
        super()._queue_bind(exchange, *args)

    def _set_aside_damaged_table(self, exchange: str) -> None:
        path = self._exchange_file(exchange)  # type: ignore[attr-defined] # newer than the stubs
        try:
            table = json.loads(path.read_bytes())
            if not all(len(row) == 3 and all(isinstance(part, str) for part in row) for row in table):
                raise ValueError("no table of queues")
        except FileNotFoundError:
            return
        except (ValueError, TypeError) as error:
            set_aside(path, error)


class Transport(filesystem.Transport):
    Channel = WholeMessageChannel


_said_at = float("-inf")


def _say_once_a_minute(error: OSError) -> None:
    """A worker asks every second."""
    global _said_at
    if monotonic() - _said_at > 60:
        _said_at = monotonic()
        logger.error("대기열을 읽지 못합니다: %s", error)


def _message_in(path: Path) -> Any:
    """None for what is no message, which is set aside."""
    try:
        message = loads(path.read_bytes())
        if message["properties"]["delivery_tag"] and "body" in message:
            return message
        raise ValueError("no message")
    except (ValueError, TypeError, KeyError) as error:
        set_aside(path, error)
        return None


def use_whole_messages() -> None:
    """`filesystem://` means this transport from here on."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
