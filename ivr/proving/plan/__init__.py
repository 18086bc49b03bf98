"""What a change of the rules does to calls: which go elsewhere, when, and in words that a screen has room for."""

from ivr.proving.plan.plan import ChangedGroup, Plan, compare, plan_ahead

__all__ = ["ChangedGroup", "Plan", "compare", "plan_ahead"]
