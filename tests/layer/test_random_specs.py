"""Whatever valid spec comes: it renders, to valid text in Black's and isort's style."""

import subprocess
import sys

import black
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import specs

from layergen.loading import read_spec
from layergen.rendering import render

# A failing spec is small enough to read as it comes; shrinking it would take minutes.
SLOW = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def rendered(text):
    reading = read_spec(text, "random.yaml")
    assert reading.spec, f"{text}\n{reading.problems}"
    return render(reading.spec)


@settings(SLOW, max_examples=120)
@given(specs())
def test_renders_to_formatted_python(text):
    files = rendered(text)
    assert len(files) == 2
    for name, code in files.items():
        compile(code, name, "exec")
        assert code == black.format_str(code, mode=black.Mode())
    assert files == rendered(text)


@pytest.mark.parametrize("number", [8, 60], ids=["few", "many"])
def test_output_is_clean_for_ruff(tmp_path, number):
    count = iter(range(10_000))

    @settings(SLOW, max_examples=number, database=None)
    @given(specs())
    def write(text):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        for name, code in rendered(text).items():
            (folder / name).write_text(code, encoding="utf-8")

    write()
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    # Each folder is a first-party one, as it is for the user who runs ruff in it.
    source = f"src = {[str(path) for path in tmp_path.iterdir()]}".replace("'", '"')
    rules = ["--select", "E4,E7,E9,F,I", "--config", source]
    result = subprocess.run(
        [*command, *rules, "."], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout
