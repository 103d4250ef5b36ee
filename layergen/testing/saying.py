"""What is worth telling of what Keras and its backends say."""

import re

LONGEST = 600

# What Keras and TensorFlow put around a message: which layer was called, with which
# arguments, bold type, the kernel that ran, the graph's nodes and their history.
_AROUND = re.compile(
    r"Exception encountered when calling [^\n]*\.\s*\n\s*"
    r"|(\x1b\[0m)?\s*\n\s*Arguments received by [^\n]*:\n\s*•.*"
    r"|\x1b\[\d+m"
    r"|\{\{function_node [^}]*\}\} ?"
    r"|\s*\[Op:\w+\]( name:[^\S\n]*[\w/]*)?"
    r"|\s*\[\[\{\{node .*"
    r"|\s*Stack trace for op definition:.*"
    r"|\s*You can attempt the following resolutions to the problem:.*"
    r"|\s*Example:\s+class CustomLayer.*"
    r"|\s*In most cases, this error indicates that either:.*",
    re.DOTALL,
)
# What stands before the message proper: of several, the last counts.
_BEFORE = ("Exception encountered: ", "Error encountered:\n\n")
_FRAME = re.compile(r'\s*File "[^"\n]+", line \d+, in [^\n]*\n[^\n]*(\n|$)')
_TYPE = re.compile(r"^[A-Z]\w*(Error|Exception|Warning): ")
_TENSOR = re.compile(
    r"<?tf\.Tensor(?:\(|:)[^<>]*?shape=(\([^)]*\)), dtype=(\w+)[^<>)]*?[)>]", re.DOTALL
)
_KEYWORDS = re.compile(
    r"(Unrecognized keyword arguments passed to \w+: )\{(.*)\}\s*$", re.DOTALL
)
_NO_DTYPE = re.compile(
    r"Value for attr 'T' of (\w+) is not in the list of allowed values: "
    r".*Op<name=(\w+);.*",
    re.DOTALL,
)
_NO_KERNEL = re.compile(
    r"Detected unsupported operations when trying to compile graph .*?: (\w+) "
    r"\(No registered .*",
    re.DOTALL,
)


def innermost(text: str) -> str:
    """The message of a failure, or of what caused it, where Keras wraps one in another.

    Keras repeats the whole config in front of each cause, and lists the arguments of
    the call behind it; AutoGraph puts the way to it in front.
    """
    for words in _BEFORE:
        text = text.rpartition(words)[2]
    text = text.partition("Full object config: ")[0]
    text = _without_frames(_AROUND.sub("", text).strip())
    text = _NO_DTYPE.sub(r"`\2` takes no \1.", text)
    text = _NO_KERNEL.sub(r"XLA has no kernel for `\1`.", text)
    text = _TENSOR.sub(r"a tensor of shape \1 and dtype \2", text)
    text = _KEYWORDS.sub(lambda match: match[1] + _names(match[2]), text)
    return text if len(text) <= LONGEST else f"{text[:400]} ... {text[-150:]}"


def _without_frames(text: str) -> str:
    """A message without the lines that AutoGraph lists before it."""
    if not text.startswith("in user code:"):
        return text
    last = [*_FRAME.finditer(text)]
    message = text[last[-1].end() :] if last else text.partition(":")[2]
    return _TYPE.sub("", " ".join(message.split()))


def _names(written: str) -> str:
    """The keys of a dict that is written out, without what they hold."""
    depth, names = 0, []
    for part in re.finditer(r"'(\w+)':|[{(\[]|[})\]]", written):
        if part[1] and not depth:
            names.append(f"'{part[1]}'")
        elif part[0] in "{([":
            depth += 1
        elif not part[1]:
            depth -= 1
    return ", ".join(names)
