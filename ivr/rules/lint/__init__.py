"""What is well written and still wrong, or likely not meant: where calls go round, what nobody reaches."""

from ivr.rules.lint.past import lint_past
from ivr.rules.lint.rule_set import lint
from ivr.rules.lint.source import lint_source

__all__ = ["lint", "lint_past", "lint_source"]
