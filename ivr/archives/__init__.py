"""What another switchboard wrote of its calls, read as a journal of ours.

A centre that moves here keeps its past: each call becomes the events that our own server would have written, as far
as the archive tells them, so that all figures of before and after are made in one way.
"""
