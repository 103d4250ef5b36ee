"""Correct layers that look like broken ones: what a hasty check would complain of."""

import keras
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="subtle_layers")


class Shapeless(layers.Layer):
    """Its first output is like its first input."""

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class TellsTheLargest(layers.Layer):
    """Only an integer output reads the keys."""

    def call(self, x, keys):
        return 2 * x, ops.argmax(keys, axis=-1)

    def compute_output_spec(self, x, keys):
        return (
            keras.KerasTensor(x.shape, self.compute_dtype),
            keras.KerasTensor(keys.shape[:-1], "int32"),
        )


@register
class SpreadsInTraining(Shapeless):
    """What is spread counts in training alone, and in the loss."""

    def call(self, x, spread, training=None):
        self.add_loss(ops.mean(ops.square(x)) + ops.mean(ops.exp(spread)))
        return x + spread if training else 1 * x


@register
class Attends(Shapeless):
    """The bias of attention's keys has no effect, and so no gradient."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attend = layers.MultiHeadAttention(2, 3, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.attend.build(input_shape, input_shape)

    def call(self, x):
        return x + self.attend(x, x)


@register
class SingleScale(Shapeless):
    """Keeps a scale in float32 under every policy, and is very small."""

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.scale = self.add_weight(
            name="scale", shape=shape, initializer="ones", dtype="float32"
        )

    def call(self, x):
        scale = ops.cast(self.scale, self.compute_dtype)
        return 1e-6 * ops.sin(x * scale)


@register
class Unscaled(Shapeless):
    """Its weight has no effect: there is nothing that a fit could learn."""

    def build(self, input_shape):
        self.shift = self.add_weight(name="shift", shape=())

    def call(self, x):
        return ops.softmax(x + ops.cast(self.shift, self.compute_dtype))


@register
class RarelyDrops(Shapeless):
    """Most steps on a small batch drop nothing at all."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x, training=None):
        if not training:
            return x
        shape = (ops.shape(x)[0],)
        drawn = keras.random.uniform(shape, dtype=x.dtype, seed=self.seed_generator)
        return x * ops.cast(drawn > 0.25, x.dtype)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


@register
class LargestSteps(keras.layers.Layer):
    """The three largest steps: a sequence of one step has no three."""

    def build(self, input_shape):
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: input_shape[-1]})
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],))

    def call(self, x):
        steps = ops.swapaxes(x * self.scale, 1, 2)
        return ops.swapaxes(ops.top_k(steps, 3)[0], 1, 2)


@register
class WidthUnheld(LargestSteps):
    """Holds nobody to the width that it was built for."""

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = None


@register
class Residual(keras.layers.Layer):
    """Adds what an inner layer makes, whose width is no affair of its own."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.inner = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x):
        return x + self.inner(x)


@register
class ReadsTheLastAxisButOne(Residual):
    """Takes for granted that there are steps."""

    def build(self, input_shape):
        self.inner.build((input_shape[0], input_shape[1], input_shape[2]))


@register
class Decays(keras.layers.Layer):
    """Goes over the steps by `ops.scan`."""

    def call(self, x):
        def step(carry, one):
            carry = 0.9 * carry + one
            return carry, carry

        _, found = ops.scan(step, ops.zeros_like(x[:, 0]), ops.swapaxes(x, 0, 1))
        return ops.swapaxes(found, 0, 1)


@register
class Halves(keras.layers.Layer):
    """Goes round a loop that nobody says the length of."""

    rounds = None

    def call(self, x):
        _, halved = ops.while_loop(
            lambda i, y: i < 3,
            lambda i, y: (i + 1, ops.tanh(y)),
            (0, x),
            maximum_iterations=self.rounds,
        )
        return halved


@register
class HalvesThrice(Halves):
    rounds = 3


@register
class FillsItsList(keras.layers.Layer):
    """Keeps the list that it is given, and adds to it."""

    def __init__(self, sizes, **kwargs):
        super().__init__(**kwargs)
        self.sizes = sizes
        self.sizes["all"].append(len(self.sizes["all"]))

    def call(self, x):
        return x * len(self.sizes["all"])


@register
class AlwaysWide(keras.layers.Layer):
    """Computes in float32 whatever its policy, and declares it."""

    def call(self, x):
        return ops.cast(x, "float32") * 2

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, dtype="float32")


@register
class WideByTheWay(AlwaysWide):
    """Its outputs are float32 only where the policy computes in less, and so it says."""

    def call(self, x):
        return ops.cast(x, self.meant(x))

    def meant(self, x):
        return (
            "float64"
            if keras.backend.standardize_dtype(x.dtype) == "float64"
            else "float32"
        )

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, dtype=self.meant(x))


@register
class KeepsRows(keras.layers.Layer):
    """Takes no more samples than it keeps rows."""

    def build(self, input_shape):
        self.rows = self.add_weight(name="rows", shape=(4, input_shape[-1]))

    def call(self, x):
        if x.shape[0] is not None and x.shape[0] > 4:
            raise ValueError(f"{self.name}: at most 4 samples. Received: {x.shape}")
        return x + self.rows[0]


@register
class RestingDrop(keras.layers.Layer):
    """Drops nothing at the rate that it has by default."""

    def __init__(self, rate=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x, training=False):
        if training and self.rate > 0:
            return keras.random.dropout(x, self.rate, seed=self.seed_generator)
        return x

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


@register
class MixesWithEinsum(keras.layers.Layer):
    """A layer of Keras' own inside has weights that rest on an axis, and refuses others."""

    def build(self, input_shape):
        self.mix = layers.EinsumDense("btf,tfg->btg", input_shape[1:])
        self.mix.build(input_shape)

    def call(self, x):
        return self.mix(x)


@register
class RoutesInFloat32(keras.layers.Layer):
    """A layer inside computes in float32 whatever the policy, as it is told."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.route = layers.Dense(3, dtype="float32")

    def build(self, input_shape):
        self.route.build(input_shape)

    def call(self, x):
        return x * ops.cast(ops.softmax(self.route(x)), x.dtype)


@register
class RoundsToHalves(Shapeless):
    """Values beside an edge come out half a step off in few digits."""

    def call(self, x):
        return ops.round(2 * (x + 0.25)) / 2


@register
class RoundsTooSmall(Shapeless):
    """What it rounds is lost before in float16."""

    def call(self, x):
        return ops.round(2 * (x * 1e-9) / 1e-9) / 2


@register
class FillsWhatIsMissing(Shapeless):
    """A weight stands in for what equals a number that is told."""

    def __init__(self, missing=-7.5, **kwargs):
        super().__init__(**kwargs)
        self.missing = missing

    def build(self, input_shape):
        self.fill = self.add_weight(name="fill", shape=input_shape[-1:])

    def call(self, x):
        return ops.where(self.told(x), self.fill, 2 * x)

    def told(self, x):
        return x == self.missing

    def get_config(self):
        return {**super().get_config(), "missing": self.missing}


@register
class FillsNothing(FillsWhatIsMissing):
    """What it looks for can never be."""

    def told(self, x):
        return ops.logical_and(x > self.missing, x < self.missing)


@register
class HoldsFew(Shapeless):
    """It has room for a batch of eight, and counts in integers."""

    def build(self, input_shape):
        self.check(input_shape)
        self.count = self.add_weight(
            name="count",
            shape=(),
            dtype="int32",
            initializer="zeros",
            trainable=False,
        )

    def check(self, shape):
        if shape[0] is not None and shape[0] > 8:
            raise ValueError(f"at most 8 samples, not {shape[0]}")

    def call(self, x, training=False):
        self.check(x.shape)
        if training:
            self.count.assign_add(ops.shape(x)[0])
        return 2 * x


@register
class LoopsOverFew(HoldsFew):
    """It loops over the batch, of which it takes much."""

    def check(self, shape):
        pass

    def call(self, x, training=False):
        return ops.stack([2 * x[place] for place in range(x.shape[0])])


@register
class MovesSeldom(Shapeless):
    """A state that changes in every fifth step alone, or later still."""

    every = 5

    def build(self, input_shape):
        for name in ("step", "moved"):
            state = self.add_weight(
                name=name, shape=(), initializer="zeros", trainable=False
            )
            setattr(self, name, state)

    def call(self, x, training=False):
        if training:
            self.step.assign_add(1.0)
            due = ops.equal(self.step % self.every, 0)
            self.moved.assign(self.moved + ops.cast(due, "float32"))
        return 1 * x


@register
class MovesNever(MovesSeldom):
    """Its second state never changes in as many steps as are looked at."""

    every = 1000


class AsKerasMadeIt(keras.layers.Dense):
    """It takes what Keras' own takes, which returns no `lora_rank` unless it is set."""


class TakesSomeOfKeras(keras.layers.Embedding):
    """It names arguments of Keras' own, one of which that does not return."""

    def __init__(self, input_dim, output_dim, lora_rank=None, scale=2.0, **kwargs):
        super().__init__(input_dim, output_dim, lora_rank=lora_rank, **kwargs)
        self.scale = scale

    def call(self, x):
        return self.scale * super().call(x)

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}
