"""Photographs of a sign as a phone takes them, made from a rendered page: the set that reading is measured with.

Each picture puts the page on a background by a homography (turned, tilted, far away) and then spoils it (light, blur,
noise, JPEG). Everything follows from the seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

Image = np.ndarray


@dataclass(frozen=True)
class Shot:
    """How a picture is taken. `height` is that of the sign in the picture, as a share of the picture's."""

    turn: float = 0
    tilt_x: float = 0
    tilt_y: float = 0
    height: float = 0.75
    size: tuple[int, int] = (1200, 1600)
    gain: float = 1
    offset: float = 0
    gamma: float = 1
    blur: float = 0
    motion: int = 0
    motion_angle: float = 0
    noise: float = 0
    quality: int = 85
    glare: float = 0
    shadow: float = 0
    seed: int = 0


def take(page: Image, shot: Shot) -> Image:
    """The picture as BGR, `size` (width, height) in pixels."""
    random = np.random.default_rng(shot.seed)
    width, height = shot.size
    background = scenery(random, width, height)
    matrix = _homography(page, shot)
    reduced, matrix = _reduced(page, matrix)
    mask = cv2.warpPerspective(np.full(reduced.shape[:2], 255, np.uint8), matrix, (width, height))
    placed = cv2.warpPerspective(reduced, matrix, (width, height), flags=cv2.INTER_AREA)
    alpha = mask[:, :, None].astype(np.float32) / 255
    picture = placed.astype(np.float32) * alpha + background.astype(np.float32) * (1 - alpha)
    picture = _light(picture, shot, random)
    if shot.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), shot.blur)
    if shot.motion:
        picture = cv2.filter2D(picture, -1, _motion_kernel(shot.motion, shot.motion_angle))
    if shot.noise:
        picture = picture + random.normal(0, shot.noise, picture.shape)
    spoilt = np.clip(picture, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", spoilt, [cv2.IMWRITE_JPEG_QUALITY, shot.quality])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def scenery(random: np.random.Generator, width: int, height: int) -> Image:
    """A street of sorts: sky, walls, windows, lettering, texture."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:] = random.integers(60, 200, 3)
    for _ in range(60):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = int(random.integers(5, width // 3)), int(random.integers(5, height // 3))
        colour = [int(value) for value in random.integers(0, 255, 3)]
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1 if random.random() < 0.7 else 3)
    for _ in range(12):
        at = (int(random.integers(0, width)), int(random.integers(0, height)))
        cv2.putText(picture, "CCTV 24H 02-2600", at, cv2.FONT_HERSHEY_SIMPLEX, 1, (10, 10, 10), 3)
    texture = random.normal(0, 12, (height // 4 + 1, width // 4 + 1)).astype(np.float32)
    grain = cv2.resize(texture, (width, height))
    return np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8)


def _homography(page: Image, shot: Shot) -> Image:
    """A pinhole camera in front of the sheet, turned about all three axes."""
    page_height, page_width = page.shape[:2]
    width, height = shot.size
    rx, ry, rz = np.radians([shot.tilt_x, shot.tilt_y, shot.turn])
    about_x = np.array([[1, 0, 0], [0, np.cos(rx), -np.sin(rx)], [0, np.sin(rx), np.cos(rx)]])
    about_y = np.array([[np.cos(ry), 0, np.sin(ry)], [0, 1, 0], [-np.sin(ry), 0, np.cos(ry)]])
    about_z = np.array([[np.cos(rz), -np.sin(rz), 0], [np.sin(rz), np.cos(rz), 0], [0, 0, 1]])
    corners = np.array(
        [
            [x, y, 0]
            for x, y in (
                (-page_width / 2, -page_height / 2),
                (page_width / 2, -page_height / 2),
                (page_width / 2, page_height / 2),
                (-page_width / 2, page_height / 2),
            )
        ]
    )
    scale = shot.height * height / page_height
    turned = corners @ (about_z @ about_y @ about_x).T * scale
    focal = 1.1 * max(width, height)
    depth = focal + turned[:, 2]
    seen = turned[:, :2] * (focal / depth)[:, None] + np.array([width / 2, height / 2])
    source = np.array([[0, 0], [page_width, 0], [page_width, page_height], [0, page_height]], np.float32)
    return cv2.getPerspectiveTransform(source, seen.astype(np.float32))


def _reduced(page: Image, matrix: Image) -> tuple[Image, Image]:
    """The page made smaller first, as a lens does, since a warp alone would alias."""
    corner = np.array([[0, 0, 1], [0, page.shape[0], 1]], float) @ matrix.T
    a, b = (point[:2] / point[2] for point in corner)
    scale = min(1.0, 1.4 * float(np.linalg.norm(a - b)) / page.shape[0])
    smaller = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return smaller, matrix @ np.diag([1 / scale, 1 / scale, 1])


def _light(picture: Image, shot: Shot, random: np.random.Generator) -> Image:
    height, width = picture.shape[:2]
    lit = 255 * (np.clip(picture, 0, 255) / 255) ** shot.gamma * shot.gain + shot.offset
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    if shot.glare:
        cx, cy = random.uniform(0.3, 0.7, 2) * (width, height)
        spread = 0.12 * width
        lit = (
            lit
            + (255 * shot.glare * np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2) / (2 * spread**2)))[:, :, None]
        )
    if shot.shadow:
        lit = lit * (1 - shot.shadow * (xs + 0.4 * ys < random.uniform(0.5, 0.9) * width))[:, :, None]
    return lit


def _motion_kernel(length: int, angle: float) -> Image:
    kernel = np.zeros((length, length), np.float32)
    centre = (length - 1) / 2
    step = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * centre
    ends = [tuple(round(float(v)) for v in (centre + sign * step)) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1)
    return kernel / kernel.sum()


CATEGORIES = (
    "plain", "rotated", "skewed", "dim", "overexposed", "noisy", "blurred", "motion", "small", "shadow", "mixed",
)  # fmt: skip


def shots(category: str, number: int, seed: int = 1) -> Iterator[Shot]:
    """`number` pictures of one kind."""
    for place in range(number):
        random = np.random.default_rng([seed, CATEGORIES.index(category), place])
        yield _shot(category, random, int(random.integers(1 << 30)))


def _shot(category: str, random: np.random.Generator, seed: int) -> Shot:
    u = random.uniform
    base = Shot(turn=u(-8, 8), tilt_x=u(-10, 10), tilt_y=u(-10, 10), height=u(0.55, 0.85), seed=seed, noise=3)
    match category:
        case "rotated":
            return replace(base, turn=u(0, 360), height=u(0.5, 0.7))
        case "skewed":
            return replace(base, tilt_x=u(-40, 40), tilt_y=u(-40, 40), height=u(0.5, 0.75))
        case "dim":
            return replace(base, gain=u(0.06, 0.3), noise=u(2, 6))
        case "overexposed":
            return replace(base, gain=u(1.6, 3), offset=u(20, 90), glare=u(0, 0.3))
        case "noisy":
            return replace(base, noise=u(15, 45))
        case "blurred":
            return replace(base, blur=u(1, 3.2), height=u(0.65, 0.9))
        case "motion":
            return replace(
                base, motion=int(random.integers(5, 12)), motion_angle=u(0, 180), height=u(0.65, 0.9)
            )
        case "small":
            return replace(base, height=u(0.22, 0.4))
        case "shadow":
            return replace(base, shadow=u(0.4, 0.75))
        case "mixed":
            return replace(
                base, turn=u(0, 360), tilt_x=u(-30, 30), tilt_y=u(-30, 30), gain=u(0.3, 1.4), blur=u(0, 1.5),
                noise=u(2, 15), height=u(0.45, 0.7), quality=int(u(50, 90)),
            )  # fmt: skip
        case _:
            return base
