"""Calls to draw, with placeholders for what is drawn in them.

`{x}` is a tensor, `{y}` one that fits it by broadcasting; `{f}` and `{g}` likewise of
floats, `{i}` of integers, `{b}` of bools, `{v}` a tensor or a number; `{f2}` of floats with
two axes or more, `{m}` square matrices, `{p}` an image. `{axis}` is an axis of the first,
`{d}` a size, `{k}` a small integer, `{r}` a number, `{c}` a condition of Python's.
"""

from __future__ import annotations

from layergen.keras_tables.operations import Operation, op
from layergen.keras_tables.probe.samples import SAMPLES

ELEMENTWISE = {
    "array": "{x} | {r} | [1, 2] | [0.5, 1.5] | {x}, dtype='float32' | [units, 2]",
    "cast": "{x}, 'int32' | {x}, {f}.dtype | {x}, 'float32' | {x}, 'bool' | {k}, {f}.dtype",
    "clip": "{f}, 0.0, 1.0 | {x}, 0, 2 | {f}, -rate, rate",
    "convert_to_tensor": "{x} | {r} | [1, 2] | [units, features] | {x}, dtype='float32'"
    " | [[0.5, 1.0], [2.0, 3.0]] | batch",
    "full_like": "{x}, 0.5 | {x}, 2 | {x}, rate | {x}, 1, dtype='int32'",
    "ones_like": "{x} | {x}, dtype='int32' | {x}, dtype={f}.dtype",
    "zeros_like": "{x} | {x}, dtype='bool' | {x}, dtype={f}.dtype",
    "empty_like": "{x} | {x}, dtype='int32'",
    "saturate_cast": "{x}, 'int32' | {x}, {f}.dtype",
    "digitize": "{x}, [0.2, 0.5]",
    "view": "{x} | {x}, dtype='int32'",
    "threshold": "{f}, 0.5, 0.0",
    "stop_gradient": "{x}",
    "leaky_relu": "{f} | {f}, 0.1",
    "celu": "{f} | {f}, 0.5",
    "nan_to_num": "{x} | {f}, nan=1.0",
    "gelu": "{f} | {f}, approximate=False",
    "round": "{x} | {x}, 1",
    "bitwise_not": "{i}",
    "bitwise_invert": "{i}",
}

OTHERS = {
    "argpartition": "{x}, 1 | {x}, kth=0, axis=0",
    "average": "{x} | {x}, axis={axis} | {f}, axis={axis}, weights={f}",
    "adaptive_average_pool": "{p}, 2 | {p}, (2, 1)",
    "adaptive_max_pool": "{p}, 2 | {p}, (1, 2)",
    "allclose": "{x}, {y} | {x}, {x}",
    "append": "{x}, {x} | {x}, {y}, axis={axis} | {x}, {x}, axis={axis}",
    "arange": "{d} | 3 | 1, 4 | 0, 6, 2 | 0.0, 1.0, 0.25 | {d}, dtype={f}.dtype | units"
    " | 1, units + 1 | batch | 0, units, 2 | 5, 0, -1 | 0.5, 4 | time, dtype='float32'",
    "array_split": "{x}, 2, axis={axis} | {x}, 2",
    "average_pool": "{p}, 2 | {p}, 2, strides=1, padding='same' | {f3}, 2 | {p}, (2, 1)",
    "bartlett": "4 | units",
    "batch_normalization": "{f}, ops.mean({f}), ops.var({f}), -1"
    " | s, s[0], s[0], -1 | {x4}, bias, bias, -1",
    "binary_crossentropy": "ops.sigmoid({f}), ops.sigmoid({f}) | {f}, {f}, from_logits=True",
    "bincount": "n | n[0], minlength=4 | {i}",
    "bitwise_and": "{i}, {i} | {i}, {j} | {i}, 1",
    "bitwise_left_shift": "{i}, {i} | {i}, {j} | {i}, 1",
    "bitwise_or": "{i}, {i} | {i}, {j} | {i}, 1",
    "bitwise_right_shift": "{i}, {i} | {i}, {j} | {i}, 1",
    "bitwise_xor": "{i}, {i} | {i}, {j} | {i}, 1",
    "left_shift": "{i}, {i} | {i}, {j} | {i}, 1",
    "right_shift": "{i}, {i} | {i}, {j} | {i}, 1",
    "blackman": "4 | units",
    "broadcast_to": "{x}, ({k} + 1, *{x}.shape) | bias, (batch, units) | s, ops.shape(s)"
    " | bias, (2, 3, units) | bias, (batch, time, units)",
    "categorical_crossentropy": "ops.softmax({f2}), ops.softmax({f2})"
    " | ops.softmax({f2}), {f2}, from_logits=True",
    "cdist": "{f2}, {f2} | x, x",
    "cholesky": "ops.eye(features) | ops.cast(square @ ops.transpose(square), 'float32') + 3 * ops.eye(features)",
    "cholesky_inverse": "ops.eye(features)",
    "concatenate": "[{x}, {x}] | [{x}, {y}], axis={axis} | [{x}, {x}, {x}], axis=-1"
    " | ({x}, {x}), axis={axis} | [{f}, ops.ones_like({f})], axis={axis}"
    " | [n, n], axis=1 | [x, x[:, :1]], axis=1 | [{f} for _ in range(2)], axis=-1"
    " | [s, n], axis=-1",
    "conv": "{p}, ops.ones((2, 2, channels, units), dtype={p}.dtype)"
    " | {p}, ops.ones((2, 2, channels, 3)), padding='same' | x, ops.ones((2, features, 4)), strides=2, padding='same'",
    "conv_transpose": "{p}, ops.ones((2, 2, units, channels)) | x, ops.ones((2, 3, features)), strides=2",
    "depthwise_conv": "{p}, ops.ones((2, 2, channels, 2))",
    "separable_conv": "{p}, ops.ones((2, 2, channels, 1)), ops.ones((1, 1, channels, units))",
    "convert_to_numpy": "{x}",
    "corrcoef": "s | square",
    "correlate": "bias, bias | s[0], s[0], mode='same'",
    "cross": "{f}[..., :3], {f}[..., :3]",
    "ctc_decode": "ops.ones((2, 3, 4)), ops.array([3, 3])",
    "ctc_loss": "ops.ones((2, 2), dtype='int32'), ops.ones((2, 3, 4)), ops.array([2, 2]), ops.array([3, 3])",
    "cumprod": "{x}, axis={axis} | {x} | {x}, axis=-1, dtype='float32'",
    "cumsum": "{x}, axis={axis} | {x} | {x}, axis=0, dtype='float32'",
    "nancumprod": "{x}, axis={axis} | {x}",
    "nancumsum": "{x}, axis={axis} | {x}",
    "depth_to_space": "ops.concatenate([{p}] * 4, axis=-1), 2",
    "space_to_depth": "{p}, 2",
    "det": "ops.cast({m}, 'float32') | ops.cast(square, 'float32')",
    "inv": "ops.cast(square, 'float32')",
    "logdet": "ops.eye(features)",
    "slogdet": "ops.eye(features) | ops.cast(square, 'float32')",
    "diag": "bias | square | s[0], 1 | square, k=-1",
    "diagflat": "bias | {x} | s[0], k=1",
    "diagonal": "{x2} | {m}, axis1=-2, axis2=-1 | {x2}, 1 | square",
    "diff": "{x} | {x}, axis={axis} | {x}, 2, axis=-1",
    "dot": "{x2}, kernel | {f}, {r} | s, square | {f}, s[0] | x, kernel",
    "dot_product_attention": "*[ops.expand_dims(x, 2)] * 3"
    " | ops.expand_dims(x, 2), ops.expand_dims(q, 2), ops.expand_dims(q, 2)"
    " | x[:, :, None], x[:, :, None], x[:, :, None], is_causal=True",
    "dsplit": "{x3}, 1 | x, 2",
    "hsplit": "{x2}, 1 | x, [1]",
    "vsplit": "{x}, 1 | square, 2",
    "dstack": "[{x}, {x}]",
    "hstack": "[{x}, {x}]",
    "vstack": "[{x}, {x}]",
    "dtype": "{x}",
    "eig": "ops.cast(square, 'float32')",
    "eigh": "ops.cast(square @ ops.transpose(square), 'float32')",
    "einsum": "'bf,fu->bu', s, kernel | 'btf,fu->btu', x, kernel | '...f,fu->...u', {z}, kernel"
    " | 'btf,bqf->btq', x, q | 'btf->bf', x | 'ij,ij', square, square | 'ij,jk', square, kernel"
    " | 'bt,btf->bf', n, x | 'bf,bf->b', s, s | 'i...->...i', {x} | '...,...->...', {f}, {f}",
    "expand_dims": "{x}, 0 | {x}, -1 | {x}, axis={axis} | {x}, (0, -1) | {x}, axis=1",
    "extract_sequences": "x[..., 0], 2, 1 | ops.swapaxes(x, 1, 2), 2, 1",
    "eye": "3 | units | units, features | features, dtype={f}.dtype | 3, k=1 | batch | 2, 3, dtype='int32'",
    "fft": "(ops.cast({f2}, 'float32'), ops.cast({f2}, 'float32'))",
    "fft2": "(ops.cast({f2}, 'float32'), ops.cast({f2}, 'float32'))",
    "ifft2": "(ops.cast({f2}, 'float32'), ops.cast({f2}, 'float32'))",
    "fliplr": "{x2}",
    "flipud": "{x}",
    "flip": "{x} | {x}, axis={axis}",
    "fold": "ops.ones((2, 4, 4)), (3, 3), 2",
    "geomspace": "1.0, 8.0, 4 | 1, 8, num=units",
    "get_item": "{x}, 0 | {x}, (..., 0) | {x}, slice(0, 1)",
    "glu": "{f} | ops.concatenate([{f}, {f}], axis={axis}), axis={axis}",
    "hamming": "4 | units",
    "hanning": "4 | units",
    "histogram": "{f} | {f}, bins=4",
    "identity": "3 | units | features, dtype={f}.dtype",
    "in_top_k": "n[:, 0], s, 2",
    "inner": "{x}, {x} | s, s | s, {r}",
    "irfft": "(ops.cast({f2}, 'float32'), ops.cast({f2}, 'float32'))",
    "isin": "{x}, {y} | n, [1, 2] | n, n",
    "istft": "ops.stft(ops.ones((2, 16)), 8, 4, 8), 8, 4, 8",
    "kaiser": "4, 0.5 | units, 14.0",
    "kron": "{x2}, {x2} | kernel, square",
    "layer_normalization": "{f} | s, s[0], s[0]",
    "rms_normalization": "{f} | s, s[0]",
    "linspace": "0.0, 1.0, 5 | 0, 1, num=units | 0.0, rate, 3, dtype={f}.dtype | s, s + 1, 4"
    " | 0.0, 1.0, 5, endpoint=False | 0.0, 1.0, retstep=True",
    "logspace": "0.0, 1.0, 5 | 0, 1, num=units",
    "lstsq": "ops.cast(square, 'float32'), ops.cast(kernel, 'float32')",
    "lu_factor": "ops.cast(square, 'float32')",
    "log_softmax": "{f} | {f}, axis={axis}",
    "matmul": "{f2}, ops.swapaxes({f2}, -1, -2) | x, kernel | {z}, kernel | s, square"
    " | n, {f2} | x, s[0] | kernel, bias | ops.swapaxes(x, 1, 2), n[..., None] | {i2}, ops.swapaxes({i2}, -1, -2)",
    "matrix_rank": "ops.cast({f2}, 'float32')",
    "max_pool": "{p}, 2 | {p}, 2, strides=1, padding='same' | {f3}, 2",
    "meshgrid": "bias, s[0] | bias, bias, indexing='ij'",
    "moments": "{f}, axes=[0] | {f}, axes=({axis},) | {f}, (0,), keepdims=True | {f}, [-1], True",
    "moveaxis": "{x}, 0, -1 | {x2}, -1, -2 | {x2}, (0, 1), (-1, -2) | {x2}, [0, 1], [1, 0]",
    "multi_hot": "n, 5 | n, num_classes=units + 2",
    "nanargmax": "{x} | {x}, axis={axis} | {x}, axis={axis}, keepdims=True",
    "nanargmin": "{x} | {x}, axis={axis} | {x}, axis={axis}, keepdims=True",
    "argmax": "{x} | {x}, axis={axis} | {x}, axis={axis}, keepdims=True",
    "argmin": "{x} | {x}, axis={axis} | {x}, axis={axis}, keepdims=True",
    "ndim": "{x}",
    "shape": "{x}",
    "is_tensor": "{x}",
    "size": "{x}",
    "nonzero": "{x}",
    "norm": "{f} | {f}, axis=-1 | {f2}, axis=(-2, -1) | {f}, axis={axis}, keepdims=True | {x}, axis=0"
    " | {f}, ord=1, axis=-1",
    "normalize": "{f} | {f}, axis={axis} | {f}, order=1",
    "one_hot": "{i}, 4 | {i}, units | n, features, axis=1 | {i}, 3, dtype={f}.dtype | n, 4, dtype='int32' | {i}, {d}",
    "outer": "{x}, {x} | {x}, {y} | bias, s[0] | {f}, {i}",
    "pad": "{x2}, [[0, 0]] * {x2}.ndim | s, [[0, 0], [1, 2]] | x, ((0, 0), (1, 0), (0, 0))"
    " | s, [(0, 0), (0, units)] | x, [[0, 0], [1, 1], [0, 0]], constant_values=1"
    " | {p}, [[0, 0], [1, 1], [1, 1], [0, 0]], mode='reflect'",
    "percentile": "{f}, 50.0 | {f}, 50.0, axis={axis}",
    "nanpercentile": "{f}, 50.0 | {f}, 50.0, axis={axis}",
    "quantile": "{f}, 0.5 | {f}, [0.2, 0.8], axis={axis} | {f}, 0.5, keepdims=True",
    "nanquantile": "{f}, 0.5 | {f}, [0.2, 0.8], axis={axis}",
    "pinv": "ops.cast({f2}, 'float32')",
    "polar": "{f}, {f}",
    "psnr": "{f}, {f}, 1.0",
    "qr": "ops.cast({f2}, 'float32')",
    "ravel": "{x}",
    "rearrange": "s, 'a b -> b a' | x, 'a b c -> a (b c)'",
    "repeat": "{x}, 2 | {x}, 2, axis={axis} | {x}, units, axis=0 | {x}, [1, 2], axis=0 | {x}, {d}, axis=-1",
    "reshape": "{x}, (-1,) | {x}, [-1] | x, (batch, time * features) | x, (-1, features) | x, (batch, -1)"
    " | {x}, (1, *{x}.shape) | x, (batch, time, 2, features // 2) | {x}, ops.shape({x}) | s, (-1, 2, features // 2)"
    " | {x}, (-1, {x}.shape[-1]) | {x}, {x}.shape[:-1] + (1, -1) | kernel, (units, features)"
    " | x, (ops.shape(x)[0], -1, 1) | image, (batch, height * width, channels)",
    "rfft": "ops.cast({f}, 'float32')",
    "roll": "{x}, 1 | {x}, 1, axis={axis} | {x}, -1, axis=0",
    "rot90": "{x2} | {x2}, k=2 | {x2}, axes=(-2, -1) | {x2}, 1, (1, 0)",
    "scatter": "ops.array([[0], [2]]), s, (4, features) | [[0], [1]], ops.ones((2,)), (units,)",
    "scatter_update": "square, [[0], [1]], square[:2]",
    "searchsorted": "ops.sort(bias), s | ops.sort(bias), {f} | ops.sort(s[0]), {i}",
    "segment_max": "s[:2], ops.array([0, 1]), num_segments=2 | bias, ops.arange(units), units",
    "segment_min": "s[:2], ops.array([0, 1]), num_segments=units",
    "segment_prod": "s[:2], ops.array([0, 1]), num_segments=2",
    "segment_sum": "s[:2], ops.array([0, 1]), num_segments=2 | s[:2], ops.array([0, 0]) | x, n[:, 0], 5",
    "select": "[{f} > 0.5, {f} > 0.2], [{f}, {f} * 2] | [f, f], [n, n], 1",
    "slice": "{x2}, (0, 0), (1, 1) | s, (0, 1), (2, 2) | s, [0, 0], (batch, 2)",
    "slice_update": "{x2}, (0, 0), {x2}[:1, :1] | square, (1, 0), square[:1]",
    "softmax": "{f} | {f}, axis={axis} | {f2}, axis=(-1, -2)",
    "sparsemax": "{f} | s",
    "solve": "ops.cast(square, 'float32') + 3 * ops.eye(features), ops.cast(kernel, 'float32')",
    "solve_triangular": "ops.eye(features), ops.cast(kernel, 'float32') | ops.eye(features), ops.cast(kernel, 'float32'), lower=True",
    "sort": "{x} | {x}, axis={axis} | {x}, axis=None",
    "argsort": "{x} | {x}, axis={axis} | {x}, axis=None",
    "sparse_categorical_crossentropy": "n, ops.softmax(ops.concatenate([x, x, x], axis=-1))"
    " | n, x, from_logits=True",
    "split": "{x}, 2, axis={axis} | x, [1], axis=1 | x, 2, axis=-1 | {x}, 1 | s, [1, 2], axis=1"
    " | ops.concatenate([{x}, {x}], axis={axis}), 2, axis={axis} | s, features, axis=-1",
    "squeeze": "{x}[:1] | {x}[..., None], -1 | {x}[:1], axis=0 | {x} | ops.expand_dims({x}, 0), axis=0",
    "stack": "[{x}, {x}] | [{x}, {x}], axis={axis} | [{x}, {x}], axis=-1 | ({x}, {x}, {x}), axis=1"
    " | [{f} * i for i in range(3)], axis=-1 | [units, features] | [1.0, rate] | [{x}, ops.zeros_like({x})] | [n, f]"
    " | [{f} for _ in range(units)]",
    "stft": "ops.ones((2, 16)), 8, 4, 8",
    "svd": "ops.cast({f2}, 'float32') | ops.cast({f2}, 'float32'), compute_uv=False",
    "swapaxes": "{x2}, -1, -2 | {x2}, 0, 1 | {x2}, axis1=0, axis2=-1",
    "take": "{x}, 0, axis={axis} | {x}, [0, 1], axis=0 | s, n, axis=1 | {x}, ops.array([0, 1, 0]), axis=0"
    " | {x}, [0] | kernel, n, axis=0 | {x}, {i} * 0, axis={axis} | {x}, 1",
    "take_along_axis": "{x}, ops.argsort({x}, axis={axis}), axis={axis} | {x}, ops.argmax({x}, axis=-1, keepdims=True), axis=-1"
    " | {x}, ops.array([0])",
    "tensordot": "s, square, 1 | x, kernel, axes=1 | x, kernel, axes=[[2], [0]] | x, x, axes=((1, 2), (1, 2))"
    " | s, s, axes=2 | x, square, axes=([-1], [-1]) | {f}, {f}, 0",
    "tile": "{x}, 2 | {x2}, (1, 2) | s, (1, units) | bias, (batch, 1) | {x}, [2] * {x}.ndim | s, [2, 3]",
    "top_k": "{f}, 2 | {i}, 1 | s, k=2 | s, 3, sorted=False",
    "trace": "{x2} | {m}, axis1=-2, axis2=-1 | square",
    "transpose": "{x} | s | x, (0, 2, 1) | x, [2, 0, 1] | kernel | {x2}, axes=(1, 0)",
    "trapezoid": "{f} | {f}, dx=0.5 | {f}, axis={axis}",
    "tri": "3 | units, features | 3, k=1 | 2, dtype='int32' | time",
    "tril": "{x2} | {x2}, k=1",
    "triu": "{x2} | {x2}, k=-1",
    "unfold": "{p}, 2 | ops.transpose({p}, (0, 3, 1, 2)), 2",
    "unique": "n | bias",
    "unravel_index": "n, (3, 4)",
    "unstack": "{x} | s, axis=1 | {x}, axis={axis} | {x}[:2], 2 | s, axis=-1",
    "vander": "bias | bias, 3",
    "vdot": "{x}, {x} | bias, bias",
    "view_as_complex": "ops.stack([{f}, {f}], axis=-1)",
    "view_as_real": "ops.view_as_complex(ops.stack([{f}, {f}], axis=-1))",
    "where": "{b}, {f}, {f} | {b}, {x}, {y} | {x} > 0, {x}, 0 | {b}, {f}, 0.0 | {b} | f, n, 0.5 | f, 1.0, 0.0"
    " | {b}, 1, 0 | f[..., None], x, -1e9",
    # Those that take a Python function.
    "associative_scan": "lambda a, b: a + b, kernel | lambda a, b: a * b, square, axis=1",
    "cond": "{c}, lambda: {f}, lambda: {f} * 2 | ops.any({b}), lambda: {f}, lambda: ops.zeros_like({f})"
    " | ops.sum({f}) > 0, lambda: {x}, lambda: {x}",
    "custom_gradient": "lambda a: (a, lambda *d, upstream=None: upstream)",
    "fori_loop": "0, 3, lambda i, a: a * 0.5, {f} | 0, depth, lambda i, a: a + 1, {f}",
    "jvp": "lambda a: a * 2.0, ({f},), ({f},)",
    "map": "lambda a: a * 2, {x} | lambda a: ops.sum(a), {f2} | lambda a: a @ kernel, x",
    "scan": "lambda a, e: (a + e, a * 2), s[0], s | lambda a, e: (a, e), {f}[0], {f}",
    "switch": "0, [lambda a: a, lambda a: a * 2], {f}",
    "vectorized_map": "lambda a: a * 2, {f} | lambda a: ops.sum(a), {f2}",
    "while_loop": "lambda i, a: i < 3, lambda i, a: (i + 1, a * 2), (0, {f})",
    "bitwise": "{i}",
    "empty": "(2, 3) | (batch, units) | {f}.shape | 3 | [units]",
    "full": "(2, 3), 0.5 | (batch, units), 2 | (units,), rate | {f}.shape, 1.0, dtype={f}.dtype | (2,), True",
    "ones": "(2, 3) | (batch, units) | ops.shape({f}) | {f}.shape, dtype={f}.dtype | (batch, 1, units), dtype='int32' | 3 | (features,)",
    "zeros": "(2, 3) | (batch, units) | ops.shape({f}) | {f}.shape, dtype={f}.dtype | (batch, {d}), dtype='bool' | [units, units]",
    "logsumexp": "{f} | {f}, axis={axis} | {f}, axis={axis}, keepdims=True",
    "median": "{f} | {f}, axis={axis}",
    "nanmedian": "{f} | {f}, axis={axis}",
}

IMAGES = {
    "affine_transform": "{p}, ops.zeros((batch, 8))",
    "crop_images": "{p}, 0, 0, target_height=2, target_width=2",
    "elastic_transform": "{p}",
    "extract_patches": "{p}, 2 | {p}, (2, 2), padding='same'",
    "extract_patches_3d": "{p}[:, None], 1",
    "gaussian_blur": "{p}",
    "hsv_to_rgb": "ops.concatenate([{p}[..., :1]] * 3, axis=-1)",
    "map_coordinates": "s, ops.zeros((2, 3)), order=1",
    "pad_images": "{p}, 1, 1, 1, 1",
    "perspective_transform": "{p}, ops.zeros((batch, 4, 2)) + [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],"
    " ops.zeros((batch, 4, 2)) + [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]",
    "resize": "{p}, (2, 3) | {p}, (units, 2) | {p}, (4, 4), interpolation='nearest'",
    "rgb_to_grayscale": "ops.concatenate([{p}[..., :1]] * 3, axis=-1)",
    "rgb_to_hsv": "ops.concatenate([{p}[..., :1]] * 3, axis=-1)",
    "scale_and_translate": "{p}, (batch, 3, 3, channels), ops.array([1.0, 1.0]), ops.array([0.0, 0.0]), (1, 2), 'linear'",
    "sobel_edges": "{p}",
    "ssim": "ops.ones((2, 12, 12, 1)), ops.ones((2, 12, 12, 1))",
}

RANDOM = {
    "beta": "(2, 3), 0.5, 0.5 | (batch, units), 1.0, 2.0",
    "binomial": "(2, 3), 4.0, 0.5",
    "categorical": "s, 2 | {f2}[:, :, 0], 3",
    "dropout": "{f}, 0.5 | {f}, rate",
    "gamma": "(2, 3), 0.5 | (units,), 1.5",
    "normal": "(2, 3) | (batch, units) | ops.shape({f}) | {f}.shape, dtype={f}.dtype | (2,), 1.0, 0.5",
    "randint": "(2, 3), 0, 5 | (batch, units), 0, units",
    "shuffle": "{x} | {x}, axis=0",
    "truncated_normal": "(2, 3) | (batch, features), stddev=0.5",
    "uniform": "(2, 3) | {f}.shape, 0.0, 1.0 | (batch, time, units), dtype='float32'",
}

CODE = {
    "+": "({v}) + {x} | {x} + {y} | {f} + {f} | {f} + units | {f} + batch | units + rate | [1] + [2, units]",
    "-": "{x} - {y} | {r} - {x} | {f} - {f} | units - 1 | {x} - depth",
    "*": "{x} * {y} | {x} * {r} | {r} * {x} | {f} * {i} | {f} * features | {f} * time | units * rate | [{x}] * 2 | depth * units",
    "/": "{x} / {y} | {x} / {r} | {r} / {f} | {f} / {i} | {i} / 2 | {f} / batch | units / 2 | {i} / {i} | {f} / len({x}.shape)",
    "//": "{x} // 2 | {f} // {f} | units // 2 | time // 2 | {i} // 2 | {f} // 0.5",
    "%": "{x} % 2 | {i} % 3 | units % 2 | {f} % 1.0",
    "**": "{x} ** 2 | {f} ** 2 | {f} ** 0.5 | {f} ** rate | units ** 2 | 2 ** depth | {i} ** 2 | units ** -1 | {f} ** power",
    "@": "{f2} @ ops.swapaxes({f2}, -1, -2) | x @ kernel | {z} @ kernel | s @ square | x @ s[0] | {i2} @ ops.swapaxes({i2}, -1, -2)",
    "-x": "-{x} | -{f} | -units | -rate | +{f}",
    "~": "~{b} | ~{i} | ~f",
    "&": "{b} & {b} | {b} & f | {i} & {i} | flag & True",
    "|": "{b}|{b}",
    "^": "{b} ^ f | {i} ^ {i}",
    "<": "{x} < {y} | {f} > 0.5 | {i} >= 1 | units < 3 | {x} <= {r} | {f} > {i} | {i} == 1 | {i} != {j} | {f} < units"
    " | units == features | features >= 1 | {f} == {f} | 0 < units < 9 | {f} > time",
    "in": "units in (2, 3) | mode in ('sum', 'mean') | {c} is None | cut is None | c is not None",
    "and": "{c} and {c} | flag or {c} | not {c} | cut or 2 | units and features | not (flag and training) | cut and units",
    "if": "{f} if {c} else {f} | {f} if {c} else {x} | units if {c} else features | {f} if cut is None else {f} * cut"
    " | s if c is None else c | {f} if {c} else None | 1 if {c} else 0.5 | {f} if units > 2 else {f}[:1]",
    "[]": "{x}[0] | {x}[-1] | {x}[..., 0] | {x}[:, None] | {x}[None] | {x}[..., None] | {x}[:1] | {x}[1:] | {x}[..., :-1]"
    " | {x}[..., 1:] | {x}[::2] | {x}[..., ::-1] | x[:, 0] | x[:, -1:, :] | {x}[0:{k}] | s[:, :units] | x[:, :time]"
    " | {x}[None, ..., None] | x[:, 1:] - x[:, :-1] | {x2}[0, 0] | {x2}[:, {k}] | kernel[:, :units // 2] | q[:, ::2]"
    " | {x2}[0][0] | bias[units // 2:] | kernel[: features - 1] | {x2}[:, 1:2] | s[..., features // 2:] | bias[depth:]"
    " | {x2}[:, :0] | bias[-2:] | bias[:-2] | x[:, time // 2:] | image[:, ::2, ::2] | {x}[..., -1] | x[:, 1:-1] | bias[1:3]",
    "[()]": "{x}.shape[0] | {x}.shape[-1] | ops.shape({x})[-1] | {x}.shape[:-1] | ops.shape({x})[1:] | sizes[0] | sizes[-1]"
    " | (1, 2, 3)[1] | [s, x][0] | parts[0] | (x, None)[1] | {z}.shape[-1] | {x}.shape[-2:] | [units, 2.5, flag][1] | parts[-1]"
    " | [{f}, {i}][depth - 1] | {z}.shape[:-1] | ops.shape({z})[0] | (*{z}.shape[:-1], units)[-1] | (*ops.shape(x)[:-1], 2)",
    ".shape": "ops.shape(q)[1] * 2 | ops.shape(q) | {x}.shape | {x}.ndim | {x}.dtype | len({x}.shape) | ops.shape({x}) | (*{x}.shape, units) | [*{x}.shape[:-1], -1]",
    "len": "len({x}.shape) | len([1, 2]) | len(sizes) | len(parts) | len(ops.shape({x})) | len([i for i in range(3)])",
    "range": "range(3) | range(units) | range(1, depth) | [i for i in range(units)] | list(range(0, 6, 2))",
    "sum": "sum([1, 2]) | sum(sizes) | sum([{f}, {f}]) | sum(i for i in range(3)) | sum(parts) | sum([units, features])"
    " | sum({f} * i for i in range(2)) | sum([rate, 1])",
    "max": "max(1, 2) | max(units, 2) | max(sizes) | max([0.5, rate]) | max(units, rate) | max(features, units)",
    "min": "min(1, 2) | min(units, features) | min(sizes) | min(2, depth)",
    "abs": "abs(-2) | abs({x}) | abs(rate) | abs(units - 9)",
    "round": "round(rate) | round(2.6) | round(rate, 1)",
    "int": "int(rate) | int(units / 2) | int(2.5) | int(flag) | int(units)",
    "float": "float(units) | float(2) | float(features)",
    "bool": "bool(units) | bool(0) | bool(flag)",
    "enumerate": "[i for i, part in enumerate(parts)] | [{f} * i for i, e in enumerate([1, 2])] | list(enumerate(sizes))",
    "zip": "[a * b for a, b in zip([1, 2], [3.0, 4.0])] | [a + b for a, b in zip(parts, parts)] | list(zip(sizes, (1, 2)))",
    "list": "list(sizes) | list({x}.shape) | list((1, {x})) | list(range(2)) | list(parts) | list(ops.shape({x}))",
    "tuple": "tuple(sizes) | tuple({x}.shape) | tuple([{f}, 1]) | tuple(i for i in range(2))",
    "sorted": "sorted(sizes) | sorted([3, 1, 2])",
    "reversed": "list(reversed([1, 2.5])) | list(reversed(sizes)) | [e for e in reversed(parts)]",
    "isinstance": "isinstance(cut, int) | isinstance({x}, int)",
    "any": "any([flag, False]) | any(d > 2 for d in sizes)",
    "all": "all([flag, True]) | all(d > 2 for d in sizes)",
    "str": "str(units) | f'{units}' | 'a' + mode",
    "divmod": "divmod(units, 2)",
    "pow": "pow(units, 2) | pow(2, 3)",
    "map": "list(map(lambda a: a * 2, [1, 2])) | list(map(lambda p: p + 1, parts))",
    "dict": "{{'a': {x}}}['a'] | {{1: units}}[1]",
    "set": "len(set(sizes))",
    "math": "math.sqrt(units) | math.pi | math.ceil(rate) | math.floor(2.5) | math.prod(sizes) | math.log(features) | math.gcd(units, 4)"
    " | math.inf | math.isqrt(units) | {f} / math.sqrt(features) | math.exp(rate) | math.prod({x}.shape) | math.log2(units) | math.fabs(rate)"
    " | math.isnan(rate) | math.pow(2, 3) | math.prod({x}.shape[1:]) | math.comb(units, 2)",
    "names": "batch | time | features | units | rate | flag | mode | cut | c | sizes | n | double | half | training | {d} | parts | q",
    "lambda": "(lambda a: a * 2)({x}) | (lambda a, b=2: a + b)({f}) | (lambda a, b: a @ b)(x, kernel) | (lambda: {x})()",
    "layers": "dense({f2}) | norm({f}) | [layer({x4}) for layer in hidden] | dense(x) | recurrent(x) | activation({f}) | dropped({f})",
    "functions": "twice({f}) | swished({f}) | scaled({f}, 2) | scaled({f}, factor=rate) | twice({x})",
    ":=": "(w := {x}) | (w := {f}) * w",
}


def generic(operation: Operation) -> str:
    """Calls of a function that has none of its own."""
    name = "f" if operation.dtype.startswith("floats") else "x"
    if operation.kind == "broadcast":
        return "{x}, {y} | {f}, {g} | {x}, {r} | {r}, {x} | {f}, units | {i}, {j}"
    if operation.reduces:
        axes = "{x}, axis=(0, -1) | {x}, axis=[-1]" if operation.kind[-1] == "s" else ""
        keeps = any(one.name == "keepdims" for one in operation.parameters)
        kept = "{x}, axis={axis}, keepdims=True | {x}, keepdims=True" if keeps else ""
        parts = ["{x} | {x}, axis={axis} | {x}, {axis} | {f}, -1", axes, kept]
        return " | ".join(part for part in parts if part)
    values = [f"{{{name}}}"]
    for parameter in operation.parameters[1:]:
        if parameter.required:
            values.append(repr(SAMPLES[parameter.name][0]))
    return ", ".join(values)


def templates(what: str, name: str) -> list[str]:
    """The expressions to draw for a function, an operator or another way to write."""
    if what == "code":
        return _split(CODE[name])
    table = {"ops": {**ELEMENTWISE, **OTHERS}, "image": IMAGES, "random": RANDOM}[what]
    calls = table.get(name)
    if calls is None:
        found = op(name)
        assert found is not None
        calls = generic(found)
    path = {"ops": "ops", "image": "ops.image", "random": "random"}[what]
    ending = "({f})" if name == "custom_gradient" else ""
    return [f"{path}.{name}({one}){ending}" for one in _split(calls)]


def _split(texts: str) -> list[str]:
    return [one.strip() for one in texts.split(" | ")]
