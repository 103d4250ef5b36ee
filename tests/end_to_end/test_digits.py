"""From nothing to a trained, saved and reloaded model of a generated layer."""

import subprocess
import sys

TRAIN = """\
import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from swish_dense import SwishDense

x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16, y, random_state=0)
model = keras.Sequential([SwishDense(64), SwishDense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=20, verbose=0)
print(model.evaluate(x_test, y_test, verbose=0)[1])
model.save("digits.keras")
"""

SEED = "import keras\nkeras.utils.set_random_seed(1)\n"
PREDICT = "import numpy\nnumpy.save({name!r}, model.predict(x_test, verbose=0))\n"
DATA, MODEL = (
    TRAIN.split("model = ", 1)[0],
    'model = keras.models.load_model("digits.keras")\n',
)


def python(program, folder):
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_digits(tmp_path):
    layergen = [sys.executable, "-m", "layergen", "new", "swish_dense"]
    subprocess.run(layergen, cwd=tmp_path, check=True)
    out = python(SEED + TRAIN + PREDICT.format(name="trained.npy"), tmp_path)
    assert float(out.split()[-1]) >= 0.95
    python(DATA + MODEL + PREDICT.format(name="loaded.npy"), tmp_path)
    trained, loaded = (tmp_path / f"{n}.npy" for n in ("trained", "loaded"))
    assert trained.read_bytes() == loaded.read_bytes()
