"""Each part of the assessment: what stands in a domain, who wrote it, and what its author signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.assessment.models import BenzodiazepineUse, DomainSignature, MedicineTaken, PastTaper, SubstanceUse
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.guidelines.domains import Domain
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may

Entry = BenzodiazepineUse | PastTaper | SubstanceUse | MedicineTaken


@dataclass(frozen=True, slots=True)
class Own:
    """What one author wrote in one domain in this stay and still stands, and what they signed of it, newest first."""

    author: Staff
    content: tuple[tuple[str, ...], ...]
    signed: tuple[DomainSignature, ...]

    @property
    def digest(self) -> str:
        return digest(self.content)

    @property
    def newest(self) -> DomainSignature | None:
        return self.signed[0] if self.signed else None

    @property
    def state(self) -> str:
        """ "signed", "changed" since signed, "open" where nobody signed yet, "replaced" where nothing is left of it."""
        if not self.content:
            return "replaced"
        if self.newest is None:
            return "open"
        return "signed" if self.newest.digest == self.digest else "changed"

    @property
    def waits(self) -> bool:
        """Whether a signature is missing, from somebody who may sign: a first call's answers need none."""
        return self.state in ("open", "changed") and may(self.author, "assessment.sign")


@dataclass(frozen=True, slots=True)
class Part:
    """One domain as it stands: how far, who wrote, who signed, what is open, what disagrees."""

    domain: Domain
    answers: Mapping[str, Heard]
    owns: tuple[Own, ...]
    entries: int

    @property
    def key(self) -> str:
        return self.domain.key

    @property
    def total(self) -> int:
        return len(self.domain.questions)

    @property
    def answered(self) -> int:
        """In this stay. "not known" and "declined" are answers."""
        return sum(not one.is_earlier for one in self.answers.values())

    @property
    def open(self) -> int:
        return self.total - self.answered

    @property
    def to_confirm(self) -> int:
        return sum(one.is_earlier for one in self.answers.values())

    @property
    def disagree(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.answers.items() if one.disagrees)

    @property
    def waiting(self) -> tuple[Own, ...]:
        return tuple(one for one in self.owns if one.waits)

    @property
    def is_signed(self) -> bool:
        return any(one.state == "signed" for one in self.owns) and not self.waiting

    @property
    def is_changed(self) -> bool:
        """Signed once, and written to since."""
        return any(one.signed for one in self.owns) and bool(self.waiting)

    def own_of(self, author: Staff) -> Own:
        found = next((one for one in self.owns if one.author.pk == author.pk), None)
        return found or Own(author, (), ())


def part_of(
    domain: Domain, heard: Mapping[str, Heard], entries: Iterable[Entry], signatures: Sequence[DomainSignature]
) -> Part:
    """entries: structured rows of this domain and stay that stand. signatures: of this person and stay."""
    answers = {name: heard[name] for name in domain.names if name in heard}
    written: dict[int, list[tuple[str, ...]]] = {}
    authors: dict[int, Staff] = {}
    for one in answers.values():
        for row in () if one.is_earlier else one.standing:
            authors[row.recorded_by_id] = row.recorded_by
            written.setdefault(row.recorded_by_id, []).append((row.name, row.value, row.mouth, str(row.public_id)))
    count = 0
    for entry in entries:
        count += 1
        authors[entry.recorded_by_id] = entry.recorded_by
        what = (type(entry).__name__, entry.summary, entry.mouth, str(entry.public_id))
        written.setdefault(entry.recorded_by_id, []).append(what)
    signed: dict[int, list[DomainSignature]] = {}
    for signature in signatures:
        if signature.domain == domain.key:
            authors.setdefault(signature.recorded_by_id, signature.recorded_by)
            signed.setdefault(signature.recorded_by_id, []).append(signature)
    owns = tuple(
        Own(author, tuple(sorted(written.get(pk, ()))), tuple(sorted(signed.get(pk, ()), key=lambda one: -one.number)))
        for pk, author in sorted(authors.items())
    )
    return Part(domain, answers, owns, count)


def digest(content: Sequence[Sequence[str]]) -> str:
    """Of what was shown and signed."""
    return hashlib.sha256(json.dumps([list(one) for one in content], ensure_ascii=False).encode()).hexdigest()
