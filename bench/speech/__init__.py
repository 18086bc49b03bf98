"""How well the engine `phoneme` hears, and how fast: synthetic voices over the telephone, none of which taught it.

No human voice, no dialect: the figures rank ways of doing it, and say nothing of how many real callers are understood.
"""
