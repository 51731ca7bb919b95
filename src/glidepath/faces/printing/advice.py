"""What to do when it gets hard: plain sentences, each resting on rules of the facts.

No number stands here; doses come from the plan and telephone numbers from the centre.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """`lead` is read first and bold. `rules`: the codes of the guideline rules it puts into plain words."""

    lead: str
    words: str
    rules: tuple[str, ...]


WHEN_IT_IS_HARD = (
    Advice(
        "Stay on the dose you take now.",
        "Do not go down further on your own. You may ask for a slower pace or a pause at any time.",
        ("JCG-11", "TPR-7"),
    ),
    Advice("Never stop suddenly.", "It can cause a seizure (a fit) and be dangerous.", ("JCG-2",)),
    Advice(
        "Do not skip doses.",
        "If you missed one, call us before you take more than this sheet says.",
        ("TPR-6",),
    ),
    Advice(
        "No alcohol on top. No opioids and no other calming or sleeping medicine, unless ordered for you here.",
        "Together they can slow or stop your breathing. Keep taking what was ordered for you.",
        ("JCG-18", "POL-8"),
    ),
)

AFTER_THE_LAST_DOSE = (
    Advice(
        "Do not start again on your own.",
        "Your body is no longer used to the dose you once took. It can now be too much.",
        ("DIS-3",),
    ),
    *WHEN_IT_IS_HARD[-1:],
)

EMERGENCY_SIGNS = (
    Advice("a seizure (a fit)", "", ("SEI-1",)),
    Advice("confusion, or seeing or hearing what others do not", "", ("DEL-1",)),
    Advice("very hard to wake, or slow or stopping breath", "", ("INP-12",)),
    Advice("thoughts of ending your life or hurting yourself", "", ("SUI-1",)),
)
