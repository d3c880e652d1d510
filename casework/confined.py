"""The process in which a stranger's file is opened: it may use up nothing but itself.

    python casework/confined.py PROGRAM < request > answer      (started by casework.judging, never imported)

Decoders are the largest piece of foreign code that a stranger reaches. Here they run without database, keys in the
environment or Django, within limits of memory and time that the kernel keeps, and write no file. Request and answer are
a line of JSON and the bytes that it announces. PROGRAM is a file of ours with `decide(content, wanted)`, which gives an
answer (`reason`: a word for why the file is not taken, empty when it is) and the bytes that go with it.
"""

import json
import os
import resource
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any


def confine(memory_bytes: int, cpu_seconds: int, niceness: int) -> None:
    """From here on the kernel refuses more, whatever the file says."""
    for kind, most in [
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(kind, (most, most))
    os.nice(niceness)


def main() -> None:
    wanted = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(wanted.pop("bytes"))
    limits = wanted.pop("limits")
    # Nothing of the environment says where code comes from (-I); our own folder does.
    sys.path.append(str(Path(__file__).resolve().parent.parent))
    decide = runpy.run_path(sys.argv[1])["decide"]
    confine(**limits)
    warnings.simplefilter("ignore")
    answer: dict[str, Any]
    parts: list[bytes]
    try:
        answer, parts = decide(content, wanted)
    except MemoryError:
        answer, parts = {"reason": "too_large"}, []
    except Exception:  # whatever a decoder raises: the file is none that it reads
        answer, parts = {"reason": "damaged"}, []
    answer["parts"] = [len(part) for part in parts]
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    for part in parts:
        out.write(part)


if __name__ == "__main__":
    main()
