"""Stages side by side: one thread works on the next pictures while another is still busy with these.

The work lies in libraries that let other threads run (decoder, network, OpenCV), so two cores are used by one clip. The order
stays, and each picture is worked on once, so what comes out does not depend on how threads are timed.
"""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar, cast

# So many pictures wait between two stages; a picture of 17 megapixels has 26 MB.
WAITING = 2
Item = TypeVar("Item")


@dataclass(frozen=True)
class _Failed:
    error: BaseException


_END = object()


def ahead(items: Iterable[Item], waiting: int = WAITING) -> Iterator[Item]:
    """The same items, made in a thread of their own. What goes wrong there is raised here."""
    made: queue.Queue[object] = queue.Queue(waiting)
    is_left = threading.Event()

    def put(item: object) -> bool:
        while not is_left.is_set():
            with suppress(queue.Full):
                made.put(item, timeout=0.2)
                return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put(item):
                    return
            put(_END)
        except BaseException as error:
            put(_Failed(error))
        finally:
            # A stage before this one ends with it.
            if hasattr(items, "close"):
                items.close()

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield cast("Item", item)
    finally:
        is_left.set()
        thread.join()
