"""Breaks generated layers in one place each, and counts how many breakages tests see."""
