"""Parsed form → RuleSet: every name resolves, or a fault says which does not and what it may have meant.

The RuleSet is made as far as it goes even where there are faults, so that the checks after it can
tell theirs in the same breath; `load` gives it out only when there are none.
"""

from ivr.rules.link.rule_set import link

__all__ = ["link"]
