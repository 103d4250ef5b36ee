"""The commands, each no more than its arguments, its messages and its exit code."""
