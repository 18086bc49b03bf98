"""What is wrong with a centre, and its mend: everything that a server needs, looked at from outside, one by one.

Nothing is changed and nothing is fetched, whether a server runs or not.
"""

from ivr.diagnosis.examination import Patient, examine
from ivr.diagnosis.symptom import Symptom

__all__ = ["Patient", "Symptom", "examine"]
