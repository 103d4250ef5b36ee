"""What a layer does beside computing its outputs: it draws, differs in training, adds losses.

Whether it does with some values of its arguments, and arguments with which it does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from layergen.example.reached import Condition, conditional
from layergen.example.values import call_values
from layergen.keras_tables.layers import layer as keras_layer
from layergen.keras_tables.operations import random
from layergen.language.evaluate import Budget
from layergen.layer.facts import Facts
from layergen.layer.randomness import is_random
from layergen.layer.training import differs_in_training
from layergen.limits import SEARCH_STEPS
from layergen.proof.branches import THERE, Branch, Goal, arguments_for, with_parts
from layergen.proof.signs import ASSIGNED, Differs, rates, readers, stored
from layergen.source.trees import LOOPS, statements
from layergen.source.walk import nodes


class Life:
    """What a spec's code draws, does otherwise in training, and adds to the loss."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.budget = facts, Budget(SEARCH_STEPS)
        self.body = statements(facts.spec.forward)
        self.reached = [*conditional(self.body, ())]

    def draws(self, values: Mapping[str, Any]) -> bool | None:
        """Whether a call in training draws what shows; None where that cannot be told."""
        if not is_random(self.facts):
            return False
        found = self._any(self.random_calls, values)
        silent = any(not values.get(name, True) for name in self.beside_draws)
        return None if found and silent else found

    def differs(self, values: Mapping[str, Any]) -> bool | None:
        """Whether training and inference differ; None where that cannot be told."""
        if not differs_in_training(self.facts):
            return False
        if self.draws(values) is None:
            return None
        return self._any(self.differences, values)

    def losses(self, values: Mapping[str, Any]) -> int | None:
        """How many losses a call in training adds; None where that cannot be told."""
        known = [self._runs(one, values) for one in self.losing]
        return None if None in known or self._loses_often else sum(map(bool, known))

    def moves(self, state: str, values: Mapping[str, Any]) -> bool:
        """Whether a call in training may assign to a state."""
        return self._any(self.updates[state], values) is not False

    def unused(self, values: Mapping[str, Any]) -> Iterator[str]:
        """The inputs, weights and sublayers of which surely no gradient is asked, though
        with other values it would be: nothing reads them but to compare, or for shape
        and dtype."""
        facts = self.facts
        reads: dict[str, list[Branch]] = {}
        plain = {
            inner
            for node, _ in self.reached
            if isinstance(node, ast.Compare) or _is_of_kind(node)
            for inner in nodes([node])
        }
        for node, conditions in self.reached:
            if isinstance(node, ast.Name) and node not in plain:
                reads.setdefault(node.id, []).append(Branch(conditions))
        known = _known(facts, values)
        for name in (*facts.inputs, *facts.weights, *facts.sublayers):
            found = [one.runs(known, self.budget) for one in reads.get(name, ())]
            if found and not any(one is not False for one in found):
                if known.get(name, THERE) is not None:
                    yield name

    def arguments(
        self, values: Mapping[str, Any], given: Iterable[str]
    ) -> dict[str, Any]:
        """Arguments with which the code does what it can do beside computing.

        What is `given` stays as it is; empty where it does so anyhow.
        """
        chosen: dict[str, Any] = {}
        updates = (one for goals in self.updates.values() for one in goals)
        for goal in (*self.random_calls, *self.differences, *self.losing, *updates):
            known = {**values, **chosen}
            if self._runs(goal, known) is False:
                fixed = {*given, *chosen}
                found = arguments_for(
                    self.facts,
                    goal,
                    _in_training(self.facts, known),
                    fixed,
                    self.budget,
                )
                chosen |= found or {}
        for name in self.beside_draws - {*given, *chosen}:
            arg = self.facts.args[name]
            if not values.get(name, True):
                other = arg.type.example(self.facts.bounds(arg))
                chosen |= {name: other} if other else {}
        return chosen

    @cached_property
    def random_calls(self) -> list[Branch]:
        """The calls of `random`."""
        found = []
        for call, conditions in self._calls():
            match call.func:
                case ast.Attribute(value=ast.Name(id="random"), attr=name):
                    operation = random(name)
                    known = operation.parameters if operation else ()
                    found.append(Branch((*conditions, *rates(call, known))))
        return found

    @cached_property
    def losing(self) -> list[Branch]:
        """The calls of `add_loss`."""
        return [
            Branch(conditions)
            for call, conditions in self._calls()
            if isinstance(call.func, ast.Name) and call.func.id == "add_loss"
        ]

    @cached_property
    def updates(self) -> dict[str, list[Branch]]:
        """For each state, where it is assigned to."""
        found: dict[str, list[Branch]] = {name: [] for name in self.facts.states}
        for node, conditions in self.reached:
            if isinstance(node, ASSIGNED):
                for name in found.keys() & {one.id for one in stored(node)}:
                    found[name].append(Branch(conditions))
        return found

    @cached_property
    def differences(self) -> list[Goal]:
        """What reads `training`: tests, sublayers that are handed it, and the rest."""
        found: list[Goal] = []
        seen: set[ast.AST] = set()
        for node, conditions in self.reached:
            inner: list[ast.AST] = []
            match node:
                case ast.If(test=test) | ast.IfExp(test=test):
                    inner = readers(test)
                    goal: Goal = Differs(test, Branch(conditions))
                case ast.Call(func=ast.Name(id=name)) if name in self.facts.sublayers:
                    inner = readers(node)
                    goal = Branch((*conditions, *self._rates_of(name)))
                case ast.Name(id="training") if node not in seen:
                    inner = [node]
                    goal = Branch(conditions)
            if inner:
                found.append(goal)
                seen.update(inner)
        return found

    @cached_property
    def beside_draws(self) -> frozenset[str]:
        """The optional numbers that meet what is drawn, or what is made of it."""
        drawn, names = {"random"}, set[str]()
        for _ in range(len(self.body) + 1):
            for one in nodes(self.body):
                if isinstance(one, (*ASSIGNED, ast.Return)):
                    bound = {name.id for name in stored(one)}
                    read = {n.id for n in nodes([one]) if isinstance(n, ast.Name)}
                    if (read - bound) & drawn:
                        drawn |= bound
                        names |= read
        args = (arg for arg in self.facts.spec.args if arg.name in names)
        return frozenset(
            arg.name
            for arg in args
            if arg.type.is_number and not (arg.type.is_flag or arg.required)
        )

    @cached_property
    def of_training(self) -> frozenset[str]:
        """The arguments that decide what training draws, and nothing else."""
        facts, spec = self.facts, self.facts.spec
        if not differs_in_training(facts):
            return frozenset()
        goals = [*self.random_calls, *self.differences]
        tests = [test for goal in goals for test in goal.tests]
        deciding = {n.id for n in nodes(tests) if isinstance(n, ast.Name)}
        others = [one.make for one in spec.layers if not self._rates_of(one.name)]
        others += [one.when for one in spec.layers if one.when]
        others += [one.when for one in spec.weights if one.when]
        others += [one.code for one in spec.derived]
        elsewhere = {name for code in others for name in facts.reads(code)}
        elsewhere |= facts.axis_names | {
            node.id
            for node in nodes(self.body)
            if isinstance(node, ast.Name) and facts.inference.runs(node)
        }
        return frozenset((deciding | self.beside_draws) - elsewhere)

    @cached_property
    def _loses_often(self) -> bool:
        loops = [n for n in nodes(self.body) if isinstance(n, LOOPS)]
        return any(
            isinstance(inner, ast.Name) and inner.id == "add_loss"
            for loop in loops
            for inner in nodes([loop])
        )

    def _calls(self) -> Iterator[tuple[ast.Call, tuple[Condition, ...]]]:
        for node, conditions in self.reached:
            if isinstance(node, ast.Call):
                yield node, conditions

    def _rates_of(self, name: str) -> tuple[Condition, ...]:
        """The condition under which a sublayer that draws does; none for another one."""
        sublayer = self.facts.sublayers[name]
        call = sublayer.make.expression
        match call:
            case ast.Call(func=ast.Name(id=kind)) if sublayer.loop is None:
                known = keras_layer(kind)
                if known and known.takes("seed") and not known.weighted:
                    return rates(call, known.parameters)
        return ()

    def _any(self, goals: Iterable[Goal], values: Mapping[str, Any]) -> bool | None:
        found = [self._runs(one, values) for one in goals]
        return True if True in found else None if None in found else False

    def _runs(self, goal: Goal, values: Mapping[str, Any]) -> bool | None:
        return goal.runs(_in_training(self.facts, values), self.budget)


def _is_of_kind(node: ast.AST) -> bool:
    """Whether code reads what a tensor is, and none of its values."""
    return isinstance(node, ast.Attribute) and node.attr in ("shape", "dtype", "ndim")


def _known(facts: Facts, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name, with those that every case gives to arguments of `call`."""
    return with_parts(facts, {"trainable": True, **call_values(facts), **values})


def _in_training(facts: Facts, values: Mapping[str, Any]) -> dict[str, Any]:
    return {**_known(facts, values), "training": True}
