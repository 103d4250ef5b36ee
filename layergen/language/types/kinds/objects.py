"""Types whose values Python code must make: `Array` and `Layer`."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.types.base import Misfit, Names, Site, shown
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.plain import Plain
from layergen.source.literals import Shown, literal, message
from layergen.source.statements import Assign, Branch, Check, Statement
from layergen.source.written import Written


class _Made(Plain, abstract=True):
    """An object, with an entry of its own in the config."""

    is_item = False
    is_made = True
    in_call = False
    restored = True

    def fitted(self, value: object) -> object:
        raise Misfit(f"{shown(value)} is no {self}", "only None can stand here")

    def config(self, name: str) -> str:
        return f"keras.saving.serialize_keras_object({name})"

    def example(self, bounds: Bounds) -> object:
        return None


class Layer(_Made):
    """`Layer`: another Keras layer, tracked and serialized with the one it is given to."""

    word = "Layer"
    is_layer = True

    def looks(self, name: str) -> str:
        return f"isinstance({name}, keras.layers.Layer)"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f"not isinstance({name}, keras.layers.Layer)"

    def words(self, bounds: Bounds) -> str:
        return "a Keras layer"

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [7, "text"]


class Array(_Made):
    """`Array`: a NumPy array, copied, held to its shape, and a tensor in code."""

    word = "Array"
    alike = ("ndarray",)
    is_tensor = True

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f'{name}.dtype.kind not in "biuf"'

    def words(self, bounds: Bounds) -> str:
        return "an array"

    def checks(self, site: Site) -> Iterator[Statement]:
        """Copied first, so that what the caller does to theirs changes nothing here.

        Made of its dtype last, for NumPy refuses what is no number there without a name.
        """
        name = site.name
        wrong = [self.wrong(name, site.bounds, site.names)]
        said = f"`{name}` must be an array of numbers"
        if site.rank:
            rank, count = site.rank
            wrong.append(f"{name}.ndim {'!=' if rank == 'ndim' else '<'} {count}")
            wrong += [f"{name}.shape[{axis}] != {size}" for axis, size in site.sizes]
            said += f" of shape {site.shape}"
        shape, kind = f"{name}.shape", f"{name}.dtype"
        received = f"{shape}=", Shown(shape), f", {kind}=", Shown(kind)
        body: list[Statement] = [
            Assign(name, Written(f"np.array({name})", reads=["np"])),
            Check(" or ".join(wrong), message(f"{said}. Received: ", *received)),
        ]
        if site.dtype:
            body.append(Assign(name, f"{name}.astype({literal(site.dtype)})"))
        if self.optional:
            yield Branch(f"{name} is not None", tuple(body))
        else:
            yield from body

    def described(self, site: Site) -> str:
        kind = "Array" + (f" of {site.dtype}" if site.dtype else "")
        if site.shape:
            kind += f" of shape `{site.shape}`"
        return kind + (", or `None`" if self.optional else "")

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return []
