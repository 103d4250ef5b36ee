"""Shapes that functions of matrices give, of which the last two axes are rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layergen.keras_tables.shape_parts import Answer, Shape, together


def _same(x: Shape, **others: Any) -> Answer:
    return x


def _pair(x: list[Shape]) -> Answer:
    return [x[0], x[0]]


def eig(x: Shape) -> Answer:
    return [x[:-1], x]


def lu_factor(x: Shape) -> Answer:
    return [x, x[:-1]] if x[-1] == x[-2] else None


def pinv(x: Shape, **others: Any) -> Answer:
    return (*x[:-2], x[-1], x[-2])


def solve(a: Shape, b: Shape, **others: Any) -> Answer:
    return b


def lstsq(a: Shape, b: Shape, **others: Any) -> Answer:
    return (a[-1], *b[1:])


def cdist(x: Shape, y: Shape) -> Answer:
    return (*together(x[:-2], y[:-2]), x[-2], y[-2])


def rfft(x: Shape, fft_length: int | None = None) -> Answer:
    size = x[-1] if fft_length is None else fft_length
    return [(*x[:-1], None if size is None else size // 2 + 1)] * 2


def view_as_complex(x: Shape) -> Answer:
    return x[:-1]


def view_as_real(x: Shape) -> Answer:
    return (*x, 2)


RULES: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("cholesky", "cholesky_inverse"), _same),
    **dict.fromkeys(("eig", "eigh"), eig),
    **dict.fromkeys(("fft", "fft2", "ifft2"), _pair),
    **dict.fromkeys(("solve", "solve_triangular"), solve),
    "cdist": cdist,
    "lstsq": lstsq,
    "lu_factor": lu_factor,
    "pinv": pinv,
    "rfft": rfft,
    "view_as_complex": view_as_complex,
    "view_as_real": view_as_real,
}
