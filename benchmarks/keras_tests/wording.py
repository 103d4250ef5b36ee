"""What a generated layer's message says where Keras' own says it in other words.

Keras raises a TypeError or a ValueError where an argument is wrong, generated layers a
ValueError. Each pattern of Keras' that is listed has another that has to be found instead.
What is not listed must be found as it stands.
"""

WORDING: dict[str, str] = {}
