"""Changing one value in the text of a spec, all else kept as it is written."""

from __future__ import annotations

import yaml


def with_value(text: str, key: str, value: str) -> str:
    """The spec with `key: value`, a plain word, in place of what it says or added.

    A text that is no YAML mapping comes back as it is: reading it says what is wrong.
    """
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return text
    if not isinstance(root, yaml.MappingNode):
        return text
    values = {name.value: node for name, node in root.value}
    if key in values:
        start, end = values[key].start_mark.index, values[key].end_mark.index
        return text[:start] + value + text[end:]
    if "layer" not in values:
        return text
    end = values["layer"].end_mark.index
    if root.flow_style:
        return f"{text[:end]}, {key}: {value}{text[end:]}"
    line, rest = (
        text[:end] + text[end:].partition("\n")[0],
        text[end:].partition("\n")[2],
    )
    return f"{line}\n{key}: {value}\n{rest}"
