"""Proving rules before they are live: the tests beside the rules, what they cover, and what a change would do.

Pure: rules, tests and calls come in as values, and outcomes go out; reading files and stores is for `ivr/cli`.
"""
