"""`decide`: where a call goes next, and why, and why not elsewhere.

Pure and total: the same rules, facts and turn give the same decision, and no rule set that linked
can make it raise. One decision ends at a place where the caller does something or waits (a menu, a
queue, a voicemail) or at the end of the call.
"""

from ivr.rules.decide.turn import decide

__all__ = ["decide"]
