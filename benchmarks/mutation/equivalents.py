"""Mutants that compute what the unbroken layer computes, each with the reason."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
