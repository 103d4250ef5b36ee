"""What `adaptive_instance_norm` computes."""

import numpy as np

ARGS = {"alpha": 0.7}
INPUTS = {
    "content": ((2, 3, 4, 5), "float32", -1, 1),
    "style": ((2, 5, 2, 5), "float32", -1, 3),
}
OPEN = {"content": [1, 2], "style": [1, 2]}


def statistics(x):
    mean = x.mean(axis=(1, 2), keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=(1, 2), keepdims=True)
    return mean, np.sqrt(variance + 1e-5)


def reference(inputs, weights, args, training):
    content, style = inputs["content"], inputs["style"]
    m_content, s_content = statistics(content)
    m_style, s_style = statistics(style)
    t = s_style * (content - m_content) / s_content + m_style
    return args["alpha"] * t + (1 - args["alpha"]) * content
