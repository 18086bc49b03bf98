"""Figures from call records: what is counted, every published formula, and rows of them. Pure.

`tally` counts offers, `service_level` has the definitions, `rows` puts calls together.
"""
