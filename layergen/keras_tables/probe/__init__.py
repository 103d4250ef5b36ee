"""Asks the installed Keras what it has, and writes it down.

Nothing outside this room imports it: it imports Keras.
"""
