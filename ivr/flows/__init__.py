"""The stories: what happens to a caller, one file each, read from top to bottom.

A flow awaits what callers and agents do and returns the turn that the call took; `decide` says where it goes next.
"""
