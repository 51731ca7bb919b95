"""What the facts say when they are broken, and when somebody asks for a medicine they do not hold."""

from __future__ import annotations

from pathlib import Path


class BrokenFact(Exception):
    """A fact file that cannot be used: says which file, which key and what is wrong. It stops the start-up."""

    def __init__(self, file: Path | str, key: str, problem: str) -> None:
        self.file = Path(file).name
        self.key = key
        self.problem = problem
        super().__init__(f"{self.file}: {key}: {problem}")


class UnknownMedicine(LookupError):
    """A name the facts do not hold. `suggestions` are close names, best first; the message says what to do."""

    def __init__(self, given: str, suggestions: tuple[str, ...] = ()) -> None:
        self.given = given
        self.suggestions = suggestions
        hint = f" Did you mean {_either(suggestions)}?" if suggestions else ""
        super().__init__(
            f"“{given}” is not a medicine in the formulary.{hint} "
            "Write the generic name as on the label, or enter it as a medicine outside the formulary."
        )


class AmbiguousMedicine(UnknownMedicine):
    """A brand name that two medicines share: the person must say which."""

    def __init__(self, given: str, candidates: tuple[str, ...]) -> None:
        super().__init__(given, candidates)
        self.args = (
            f"“{given}” is the name of more than one medicine: {_either(candidates)}. Write the generic name instead.",
        )


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
