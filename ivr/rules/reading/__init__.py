"""The text of the rules → a tree of words with their places, and the files that belong to it."""
