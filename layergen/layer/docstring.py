"""The docstring of a layer: Keras' sections, in Keras' words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from layergen.language.along import along, axis_arguments, lying_along
from layergen.language.axes import Shape
from layergen.language.chosen import ChosenAxis
from layergen.language.model import Arg, Input
from layergen.layer import joined
from layergen.layer.arguments import site
from layergen.layer.constructor import Parameter, parameters
from layergen.layer.facts import Facts, FixedAxis
from layergen.layer.masks import taken_masks
from layergen.layer.purposes import purpose, weight_noun
from layergen.layer.shape_text import documented, is_arbitrary, is_unnamed, named_axes
from layergen.layer.weights import MakerArgument, maker_arguments
from layergen.source.literals import DocText, docstring_text, literal


class Section(Struct, frozen=True):
    """A titled part of a docstring; each entry is a paragraph to be filled."""

    title: str
    entries: tuple[DocText, ...]


class Example(Struct, frozen=True):
    """The docstring's example: lines of code to type, and what the last one shows."""

    lines: tuple[str, ...]
    shown: DocText


def example(lines: Iterable[str], shown: tuple[int, ...]) -> Example:
    """An example of these lines of code, the last of which gives a shape."""
    return Example(tuple(lines), docstring_text(literal(shown)))


def paragraphs(entries: Iterable[str]) -> tuple[DocText, ...]:
    """The entries of a section, in which any of the spec's text may stand."""
    return tuple(map(docstring_text, entries))


def summary(facts: Facts) -> DocText:
    """The first line of the spec's `doc`."""
    doc = (facts.spec.doc or "").strip()
    first = doc.splitlines()[0].strip() if doc else f"{facts.spec.layer} layer."
    return docstring_text(first)


def prose(facts: Facts) -> DocText:
    """What follows the summary in `doc`, its line breaks kept."""
    lines = (facts.spec.doc or "").strip().splitlines()[1:]
    return docstring_text("\n".join(line.rstrip() for line in lines).strip("\n"))


def sections(facts: Facts) -> tuple[Section, ...]:
    """Args, Input shape, Output shape and Raises, each where there is something to say."""
    found = {
        "Args": argument_docs(facts, parameters(facts)),
        "Call arguments": _call_docs(facts),
        "Input shape": _input_docs(facts),
        "Output shape": _output_docs(facts),
        "Raises": raises(facts),
    }
    all_ = (Section(title, paragraphs(entries)) for title, entries in found.items())
    return tuple(section for section in all_ if section.entries)


def argument_docs(facts: Facts, taken: Iterable[Parameter]) -> Iterator[str]:
    """What parameters of the constructor mean, as plain text."""
    makers = {maker.name: maker for maker in maker_arguments(facts)}
    for parameter in taken:
        name = parameter.name
        if name in makers:
            yield f"{name}: {_maker_doc(makers[name])}"
        elif name in facts.args:
            yield f"{name}: {argument_doc(facts, facts.args[name])}"
        elif name == "seed":
            yield "seed: Integer to use as random seed, or `None`."
        else:
            default = f" Defaults to `{literal(parameter.default)}`."
            yield f"{name}: Activation function to use, or `None`.{default}"


def _call_docs(facts: Facts) -> Iterator[str]:
    """What `call` takes, where it takes more than one tensor and `training`."""
    tensors = facts.spec.inputs
    plain = len(tensors) == 1 and not tensors[0].many
    if plain and not taken_masks(facts) and not facts.call_args:
        return
    spec = facts.spec
    yield from _joined_docs(facts) if spec.joins_inputs else _tensor_docs(facts)
    docs = [(one, f"{one.name}: {argument_doc(facts, one)}") for one in spec.call_args]
    yield from (doc for arg, doc in docs if arg.positional)
    yield from _mask_docs(facts)
    if "training" in facts.reads(spec.forward):
        yield "training: Whether the layer runs in training."
    yield from (doc for arg, doc in docs if not arg.positional)


def _tensor_docs(facts: Facts) -> Iterator[str]:
    """The inputs, each by itself."""
    for tensor in facts.spec.inputs:
        kind = "List of tensors" if tensor.many else "Tensor"
        dtype = f" of {tensor.dtype}" if tensor.dtype else ""
        yield f"{tensor.name}: {kind}{dtype}{', or `None`' if tensor.optional else ''}."


def _mask_docs(facts: Facts) -> Iterator[str]:
    """The masks that code reads."""
    read = taken_masks(facts)
    if facts.spec.joins_inputs:
        kind = facts.spec.inputs_as.capitalize()
        docs = {"mask": f"{kind} of the boolean masks of these, each or all `None`."}
        docs = docs if read else {}
    else:
        docs = {
            mask: f"Boolean mask of `{of}`, or `None`." for mask, of in read.items()
        }
    yield from (f"{mask}: {doc}" for mask, doc in docs.items())


def _joined_docs(facts: Facts) -> Iterator[str]:
    """What `call` takes where its inputs come in one list or dict."""
    always = [one.name for one in facts.spec.inputs if not one.optional]
    absent = [one.name for one in facts.spec.inputs if one.optional]
    kind = facts.spec.inputs_as.capitalize()
    said = f"{kind} of the tensors {joined.listing(always)}"
    if absent:
        said += f", and of {joined.listing(absent)} where it is given"
    typed = [
        f"`{one.name}` is of {one.dtype}" for one in facts.spec.inputs if one.dtype
    ]
    [name] = joined.tensors(facts)
    yield f"{name}: {'; '.join([said, *typed])}."


def argument_doc(facts: Facts, arg: Arg) -> str:
    """What an argument means, as plain text."""
    kind = arg.type.described(site(facts, arg))
    text = arg.doc.strip() if arg.doc else purpose(facts, arg)
    if arg.doc:
        text = " ".join(text.split())
    said = f"{kind}{_joined(text)}" if text else f"{kind}."
    if not arg.required and arg.default is not None:
        said += f" Defaults to `{literal(arg.default)}`."
    return said


def _joined(text: str) -> str:
    """A description after its type: `Positive integer, dimensionality of the output.`"""
    stop = "" if text.endswith((".", "!", "?", ":")) else "."
    lower = text[0].lower() if text[:1].isupper() and text[1:2].islower() else text[:1]
    return f", {lower}{text[1:]}{stop}"


def _maker_doc(maker: MakerArgument) -> str:
    weight = maker.weight
    what = (
        f"{maker.role.capitalize()} for the {weight_noun(weight.name, weight.shape)}."
    )
    if maker.role != "initializer" and not maker.make:
        what = what[:-1] + ", or `None`."
    if maker.make:
        what = what[:-1] + f"; by default `{maker.make.text}`."
    if weight.doc and maker.role == "initializer":
        what += f" {' '.join(weight.doc.split())}"
    return what


def _input_docs(facts: Facts) -> Iterator[str]:
    """A line an input; the last one says which sizes must be known."""
    several = len(facts.inputs) > 1
    lines = [
        f"{_shape_doc(t.name if several else '', t.shape)}{_range_doc(t)}"
        for t in facts.spec.inputs
    ]
    yield from lines[:-1]
    yield " ".join([lines[-1], *_must_be_known(facts)])


def _range_doc(tensor: Input) -> str:
    """Which values are valid, of which the class sees nothing."""
    said = [
        f"{word} {f'`{bound}`' if isinstance(bound, str) else bound}"
        for word, bound in (("at least", tensor.min), ("below", tensor.below))
        if bound is not None
    ]
    return f" Values are {' and '.join(said)}." if said else ""


def _output_docs(facts: Facts) -> Iterator[str]:
    outputs = facts.outputs or ()
    alone = len(facts.inputs) == len(outputs) == 1 and not facts.first.many
    if facts.spec.outputs_as != "tuple":
        kind = facts.spec.outputs_as.capitalize()
        yield f"{kind} of {joined.listing(str(one.name) for one in outputs)}."
    for output in outputs:
        same = str(output.shape) == named_axes(facts.first)
        if alone and output.shape.dims and same:
            yield "Same shape as the input."
        else:
            only = f" Only if `{output.when.text}`." if output.when else ""
            yield _shape_doc(output.name or "", output.shape) + only


def _must_be_known(facts: Facts) -> Iterator[str]:
    """The axes whose size `build` needs."""
    for axis in facts.fixed_axes:
        yield f"The size of {_axis(facts, axis)} must be known."
    for chosen in facts.chosen_axes:
        yield f"The size of {_chosen(facts, chosen)} must be known."
    for name in _along(facts):
        yield f"The sizes of the axes `{name}` must be known."


def _along(facts: Facts) -> list[str]:
    """The arguments along whose axes weights lie."""
    lies = lying_along(facts.spec).values()
    return [*dict.fromkeys(along(weight.shape) for weight in lies)]


def _axis(facts: Facts, axis: FixedAxis) -> str:
    """`the last axis`, or `axis 1 of `value``."""
    where = "the last axis" if axis.index == -1 else f"axis {axis.index}"
    return f"{where} of `{axis.tensor}`" if len(facts.inputs) > 1 else where


def _chosen(facts: Facts, chosen: ChosenAxis) -> str:
    """`axis `axis``, or what else chooses it, in the words of the spec."""
    whose = f" of `{chosen.tensor}`" if len(facts.inputs) > 1 else ""
    return f"axis `{chosen.axis.text}`{whose}"


def _shape_doc(name: str, shape: Shape) -> str:
    """A shape in Keras' words; what `any` stands for is said where it is an axis."""
    whose = f"`{name}`: " if name else ""
    if is_arbitrary(shape):
        return f"{whose}arbitrary." if name else "Arbitrary."
    free = any(map(is_unnamed, shape.dims or ()))
    where = ", where `any` is any size" if free else ""
    return f"{whose}`{documented(shape.dims or ())}`{where}."


def raises(facts: Facts) -> Iterator[str]:
    """What a `ValueError` of this layer can mean, in one sentence of plain text."""
    checked = [
        f"`{arg.name}` is not {arg.type.allowed(facts.bounds(arg))}"
        for arg in facts.spec.args
        if not arg.type.looked_up
    ]
    reasons = checked if len(checked) < 3 else ["an argument is not as described"]
    reasons += [
        f"the size of {_axis(facts, axis)} is unknown" for axis in facts.fixed_axes
    ]
    reasons += [
        f"the size of {_chosen(facts, one)} is unknown" for one in facts.chosen_axes
    ]
    reasons += [
        f"`{name}` is no axis of the input" for name in axis_arguments(facts.spec)
    ]
    reasons += [f"a size of the axes `{name}` is unknown" for name in _along(facts)]
    if len(facts.inputs) > 1 or facts.spec.require:
        fits = "the shapes of the inputs do not fit"
        several = len(facts.inputs) > 1
        reasons.append(fits if several else "a requirement is not met")
    if not reasons:
        return
    *most, last = reasons
    listed = f"{', '.join(most)}, or {last}" if most else last
    yield f"ValueError: If {listed}."
