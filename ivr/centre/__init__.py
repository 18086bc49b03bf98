"""The first centre: what `ivr init` writes for people who have nothing yet.

Answers become a `Centre`; from it come the rules, the calls that try them, the voice and the settings. Nothing is
put into its folder before the rules and recordings were read back with the house's own readers.
"""
