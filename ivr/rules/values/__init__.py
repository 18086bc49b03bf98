"""A word of the rules → the value that it stands for, or what to write instead."""
