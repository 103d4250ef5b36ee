"""The mutants: each is one change of one place, and the choice of them is fixed."""

import ast
import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from mutation.gallery import all_mutants, module_files
from mutation.kinds import KINDS
from mutation.mutate import chosen, mutants_of
from mutation.source import Source
from mutation.table import killed_in
from mutation.whole import sampled

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MUTANTS = all_mutants()
TEXTS = {name: file.read_text("utf-8") for name, file in module_files().items()}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_changes_one_place(kind):
    ours = [one for one in MUTANTS if one.kind == kind]
    assert ours
    for one in ours:
        before, after = TEXTS[one.layer].splitlines(), one.text.splitlines()
        same = [a == b for a, b in zip(before, after, strict=False)]
        assert same.index(False) + 1 >= one.line
        ending = [a == b for a, b in zip(before[::-1], after[::-1], strict=False)]
        kept = (same.index(False), ending.index(False))
        changed = before[kept[0] : len(before) - kept[1]]
        # At most one statement, and never two methods.
        assert sum(line.strip().startswith("def ") for line in changed) <= 1
        assert ast.dump(ast.parse(one.text)) != ast.dump(ast.parse(TEXTS[one.layer]))


def test_no_two_mutants_are_the_same():
    assert len({(one.layer, one.text) for one in MUTANTS}) == len(MUTANTS)


def test_choice_holds_every_kind_and_every_layer():
    taken = chosen(MUTANTS, 350)
    assert len(taken) == len({one.text for one in taken}) == 350
    assert {one.kind for one in taken} == {*KINDS}
    layers = Counter(one.layer for one in taken)
    assert {*layers} == {*TEXTS}
    assert min(layers.values()) >= 5


def test_more_is_chosen_than_there_is():
    few = MUTANTS[:5]
    assert {one.text for one in chosen(few, 9)} == {one.text for one in few}


def test_choice_does_not_hang_on_the_hash_seed():
    code = (
        "from mutation.gallery import all_mutants\n"
        "from mutation.mutate import chosen\n"
        "print([(str(one), one.text) for one in chosen(all_mutants(), 350)])"
    )
    said = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", code],
                env={
                    **os.environ,
                    "PYTHONHASHSEED": seed,
                    "PYTHONPATH": str(BENCHMARKS),
                },
                capture_output=True,
                check=True,
            ).stdout
        ).hexdigest()
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_messages_are_left_alone():
    """The places of nodes in an f-string are not those of the file."""
    source = Source("one", 'def f(x):\n    return x + len(f"{x + 1} é")\n')
    texts = [one.text for one in mutants_of(source)]
    assert texts
    assert all('f"{x + 1} é"' in one for one in texts if 'f"' in one)


def test_places_are_those_of_an_editor():
    source = Source("one", 'def f(x):\n    "é"; return x * 3\n')
    [mutant] = [one for one in mutants_of(source) if one.kind == "constant"]
    assert (mutant.line, mutant.text.splitlines()[1]) == (2, '    "é"; return x * 4')


def test_a_sample_turns_with_its_seed_and_holds_what_was_killed_alone():
    results = (BENCHMARKS / "mutation/results.csv").read_text("utf-8")
    samples = [sampled(30, seed, results) for seed in (0, 1, 1, 2)]
    assert samples[1] == samples[2]
    assert all(len({*one}) == 30 for one in samples)
    assert len({tuple(one) for one in samples}) == 3
    killed = killed_in(results)
    assert all(one.name in killed for sample in samples for one in sample)
    assert 300 < len(killed) < len(MUTANTS)


def test_what_lives_once_is_not_killed():
    head = "layer,line,kind,change,emitted,run_layer_test\n"
    text = head + "a,1,sign,c,survived,x\na,2,sign,c,test_b,x\na,3,axis,c,test_b,x\n"
    assert killed_in(text) == {"a, axis: c"}
