"""From nothing to a trained, saved and reloaded model of a generated layer."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
[TRAIN] = re.findall(
    r"```python\n(import keras\n.*?load_digits.*?)```", README.read_text("utf-8"), re.S
)

SEED = "import keras\nkeras.utils.set_random_seed(1)\n"
EVALUATE = "print(model.evaluate(x_test, y_test, verbose=0)[1])\n"
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
    out = python(SEED + TRAIN + EVALUATE + PREDICT.format(name="trained.npy"), tmp_path)
    assert float(out.split()[-1]) >= 0.95
    python(DATA + MODEL + PREDICT.format(name="loaded.npy"), tmp_path)
    trained, loaded = (tmp_path / f"{n}.npy" for n in ("trained", "loaded"))
    assert trained.read_bytes() == loaded.read_bytes()
