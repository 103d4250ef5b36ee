"""The far end: a script that loads saved models and calls them, for another process.

Every line of standard input is a request in JSON, every answer one line of JSON on
what was standard output when it started.
"""

import importlib
import importlib.util
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPLICAS = 2
ONE_STEP = "layergen_one_step"  # The file beside this one, as a module here.
# All that the modules imported so far have registered with Keras.
REGISTERED: dict[str, Any] = {}


def import_module(name: str, file: str | None) -> None:
    """Imports a module by name, or from its file where the name finds another."""
    if name.split(".")[0] == "keras":
        return
    known = sys.modules.get(name)
    if known is not None and same_file(known, file):
        return
    if name != "__main__" and known is None:
        try:
            if same_file(importlib.import_module(name), file):
                return
        except ImportError:
            if file is None:
                raise
    if file is None:
        raise ImportError(f"no file is known for the module {name!r}")
    spec = importlib.util.spec_from_file_location(
        "__layer_module__" if name == "__main__" else name, file
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


def same_file(module: Any, file: str | None) -> bool:
    """Whether a module was loaded from a file."""
    own = getattr(module, "__file__", None)
    return file is None or (own is not None and Path(own).resolve() == Path(file))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Imports, loads, calls, writes the outputs."""
    import keras
    import numpy as np

    sys.path[:] = request["path"]
    importlib.invalidate_caches()
    known = keras.saving.get_custom_objects()
    if request["module"] is None:
        # What was imported for another model must not help this one.
        known.clear()
    else:
        known.update(REGISTERED)
        import_module(request["module"], request["file"])
        REGISTERED.update(known)
    with np.load(request["feed"]) as feed:
        inputs = [feed[f"arr_{i}"] for i in range(len(feed.files))]

    def load() -> Any:
        return keras.saving.load_model(request["model"], compile=False)

    arrays: list[Any] = []
    named: dict[str, Any] = {}
    if request["spread"]:
        named = sys.modules[ONE_STEP].spread(load, inputs, **request["spread"])
    elif request["replicas"]:
        arrays = states_after_a_step(load, inputs)
    else:
        model = load()
        tensors = [keras.ops.convert_to_tensor(one) for one in inputs]
        outputs = model(tensors[0] if len(tensors) == 1 else tensors)
        flat = keras.tree.flatten(outputs)
        arrays = [keras.ops.convert_to_numpy(one) for one in flat]
    np.savez(request["result"], *arrays, **named)
    return {}


def split_the_cpu(backend: str) -> None:
    """Makes one CPU several devices: possible only before the backend has begun."""
    if backend == "jax":
        import jax

        jax.config.update("jax_num_cpu_devices", max(sys.modules[ONE_STEP].PARTS))
    if backend != "tensorflow":
        return
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration() for _ in range(REPLICAS)]
    tf.config.set_logical_device_configuration(cpu, parts)


def states_after_a_step(load: Callable[[], Any], shares: list[Any]) -> list[Any]:
    """The non-trainable weights after one step in training, each on every replica.

    The model is loaded for a `MirroredStrategy`; the step is one graph, in which
    every replica gets its own share of the inputs.
    """
    import numpy as np
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(REPLICAS)])
    with strategy.scope():
        model = load()

    def one_replica() -> Any:
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        own = [tf.stack([tf.constant(a) for a in both])[number] for both in shares]
        return model(own[0] if len(own) == 1 else own, training=True)

    tf.function(lambda: strategy.run(one_replica), autograph=False)()
    return [
        np.stack([one.numpy() for one in strategy.experimental_local_results(w.value)])
        for w in model.non_trainable_weights
    ]


def end_with(parent: int) -> None:
    """Ends this process when its parent is gone, whoever else holds the pipe."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Answers requests until there are no more."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What imported modules print must not look like an answer.
    # This script's own folder must not shadow modules of the same names.
    sys.path[:] = [one for one in sys.path if one != str(Path(__file__).parent)]
    import keras

    import_module(ONE_STEP, str(Path(__file__).with_name("one_step.py")))
    split_the_cpu(keras.backend.backend())
    keras.ops.zeros(1)
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
