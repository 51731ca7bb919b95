"""What the pages of the register send. Amounts are typed in pieces or millilitres and read by the views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from glidepath.care.supply import amounts
from glidepath.care.supply.holdings import HeldProduct
from glidepath.care.supply.models import Batch, Count, DiscrepancyClosing, Location, MovementKind, StockedProduct
from glidepath.care.supply.places import REAL
from glidepath.record.centres.models import Unit
from glidepath.record.forms import OnceForm
from glidepath.record.staff.forms import SecondSignature
from glidepath.record.staff.models import Staff

AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}
CHOOSE = (("", "Choose"),)


class LocationForm(OnceForm):
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Name the location."})
    kind = forms.ChoiceField(
        label="What it is",
        choices=[(kind.value, kind.label) for kind in REAL],
        error_messages={"required": "Choose what it is."},
    )
    unit = forms.ChoiceField(label="Unit, of a cupboard or trolley", required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.public_id): unit for unit in units}
        self.fields["unit"].choices = [("", "none"), *((key, unit.name) for key, unit in self.units.items())]  # type: ignore[attr-defined]

    def chosen_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])


class ReceiveForm(SecondSignature, OnceForm):
    """A delivery, or a lot of the opening stock."""

    kind = forms.ChoiceField(
        label="What it is", choices=(("receipt", "a delivery"), ("opening", "opening stock")), initial="receipt"
    )
    product = forms.ChoiceField(label="Product", error_messages={"required": "Choose the product."})
    lot = forms.CharField(label="Lot number", max_length=40, error_messages={"required": "Write the lot number."})
    expires_on = forms.DateField(
        label="Expiry", help_text="The last day it may be given.", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Write the expiry date.", "invalid": "Write a date such as 2027-06-30."},
    )  # fmt: skip
    container = forms.CharField(
        label="In one full container", help_text="Pieces, or millilitres.", max_length=20,
        widget=forms.TextInput(attrs=AMOUNT), error_messages={"required": "Write what one full container holds."},
    )  # fmt: skip
    containers = forms.IntegerField(
        label="Full containers", min_value=0, max_value=10_000,
        error_messages={"required": "Write how many; 0 where all are opened."},
    )  # fmt: skip
    loose = forms.CharField(
        label="And loose", help_text="Pieces or millilitres beside the full containers.", max_length=20, required=False,
        widget=forms.TextInput(attrs=AMOUNT),
    )  # fmt: skip
    supplier = forms.CharField(
        label="Supplier", help_text="Name, address, registration number.", max_length=300, required=False
    )
    document = forms.CharField(label="Delivery note", max_length=120, required=False)

    def __init__(self, *args: Any, products: Iterable[StockedProduct], may_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = {str(row.public_id): row for row in products}
        named = [(key, row.as_clinical().name) for key, row in self.products.items()]
        self.fields["product"].choices = [*CHOOSE, *named]  # type: ignore[attr-defined]
        if not may_open:
            self.fields["kind"].choices = [("receipt", "a delivery")]  # type: ignore[attr-defined]

    def chosen_product(self) -> StockedProduct:
        return self.products[self.cleaned_data["product"]]


class OfBatch(SecondSignature, OnceForm):
    """So much of one batch that lies here."""

    batch = forms.ChoiceField(label="Batch", error_messages={"required": "Choose the batch."})
    quantity = forms.CharField(
        label="How much", help_text="Pieces such as 3 or 2 1/2, or millilitres.", max_length=20,
        widget=forms.TextInput(attrs=AMOUNT), error_messages={"required": "Write how much."},
    )  # fmt: skip

    def __init__(self, *args: Any, here: Iterable[HeldProduct], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(product, line) for product in here for line in product.lines]
        self.batches: dict[str, Batch] = {str(line.batch.public_id): line.batch for _, line in lines}
        named = [
            (str(line.batch.public_id), f"{product.name}, lot {line.batch.lot}: {line.words}")
            for product, line in lines
        ]
        self.fields["batch"].choices = [*CHOOSE, *named]  # type: ignore[attr-defined]

    def chosen(self) -> Batch:
        return self.batches[self.cleaned_data["batch"]]

    def amount(self) -> int:
        """Base units. Raises BadInput (quantity)."""
        return amounts.read(self.cleaned_data["quantity"], is_liquid=self.chosen().product.is_liquid)


class TransferForm(OfBatch):
    target = forms.ChoiceField(label="To", error_messages={"required": "Choose where it goes."})

    def __init__(self, *args: Any, targets: Iterable[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {str(one.public_id): one for one in targets}
        self.fields["target"].choices = [*CHOOSE, *((key, one.name) for key, one in self.targets.items())]  # type: ignore[attr-defined]

    def goes_to(self) -> Location:
        return self.targets[self.cleaned_data["target"]]


class LeaveForm(OfBatch):
    """Wasted, broken, destroyed or sent back."""

    kind = forms.ChoiceField(
        label="What happens",
        widget=forms.RadioSelect,
        choices=(
            (MovementKind.WASTE.value, "wasted, before the eyes of a witness"),
            (MovementKind.BREAKAGE.value, "broken or spilt"),
            (MovementKind.DESTRUCTION.value, "destroyed, with a certificate"),
            (MovementKind.SENT_BACK.value, "sent back to the supplier"),
        ),
        error_messages={"required": "Choose what happens."},
    )
    reason = forms.CharField(label="Why", max_length=300, error_messages={"required": "Say why it leaves the stock."})
    document = forms.CharField(
        label="Certificate or note", help_text="Needed where it is destroyed.", max_length=120, required=False
    )
    supplier = forms.CharField(
        label="Who takes it", help_text="Where it is sent back: name, address, registration number.", max_length=300,
        required=False,
    )  # fmt: skip
    pin = forms.CharField(label="Your PIN", max_length=8, required=False, widget=forms.PasswordInput)


class ReverseForm(SecondSignature, OnceForm):
    reason = forms.CharField(
        label="What was wrong", max_length=300, error_messages={"required": "Say what was wrong with the entry."}
    )


class RecallForm(OnceForm):
    reason = forms.CharField(
        label="Who calls it back, and why", max_length=300, error_messages={"required": "Say who and why."}
    )


class BeginForm(OnceForm):
    kind = forms.ChoiceField(label="Counted for", choices=Count.Kind.choices, initial=Count.Kind.SHIFT)


class ReportForm(OnceForm):
    batch = forms.ChoiceField(label="Batch", error_messages={"required": "Choose the batch."})
    words = forms.CharField(label="What is wrong", max_length=300, error_messages={"required": "Say what is wrong."})

    def __init__(self, *args: Any, here: Iterable[HeldProduct], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batches = {str(line.batch.public_id): line.batch for product in here for line in product.lines}
        named = [
            (str(line.batch.public_id), f"{product.name}, lot {line.batch.lot}")
            for product in here
            for line in product.lines
        ]
        self.fields["batch"].choices = [*CHOOSE, *named]  # type: ignore[attr-defined]

    def chosen(self) -> Batch:
        return self.batches[self.cleaned_data["batch"]]


class NoteForm(OnceForm):
    words = forms.CharField(
        label="What you looked into or found", max_length=600, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what you looked into or found."},
    )  # fmt: skip
    owner = forms.ChoiceField(label="Who has it from now on", required=False)

    def __init__(self, *args: Any, owners: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(one.public_id): one for one in owners}
        named = [(key, f"{one.name}, {one.get_role_display()}") for key, one in self.owners.items()]
        self.fields["owner"].choices = [("", "stays as it is"), *named]  # type: ignore[attr-defined]

    def new_owner(self) -> Staff | None:
        return self.owners.get(self.cleaned_data["owner"])


class LossForm(OnceForm):
    words = forms.CharField(
        label="What makes you suspect it", max_length=600, error_messages={"required": "Say what makes you suspect it."}
    )


class CloseForm(SecondSignature, OnceForm):
    cause = forms.ChoiceField(
        label="Cause", choices=[("", "Choose"), *DiscrepancyClosing.Cause.choices],
        error_messages={"required": "Choose the cause."},
    )  # fmt: skip
    words = forms.CharField(
        label="What was found", max_length=600, error_messages={"required": "Write what was found."}
    )
    adjust = forms.ChoiceField(
        label="The register", widget=forms.RadioSelect,
        choices=(("yes", "is adjusted by this difference"), ("no", "stays: a later count found nothing wrong")),
        error_messages={"required": "Choose whether the register is adjusted."},
    )  # fmt: skip
    pin = forms.CharField(label="Your PIN", max_length=8, required=False, widget=forms.PasswordInput)


class BagForm(SecondSignature, OnceForm):
    """What somebody brought along: up to six medicines."""

    seal = forms.CharField(
        label="Number of the seal", max_length=40, error_messages={"required": "Write the number of the seal."}
    )
    kept_where = forms.CharField(
        label="Kept where", max_length=80, error_messages={"required": "Write where the bag is kept."}
    )
    LINES = range(1, 7)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in self.LINES:
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"Medicine {number}", help_text="Name, strength, form, as on the pack.", max_length=120,
                required=False,
            )  # fmt: skip
            self.fields[f"size_{number}"] = forms.CharField(
                label=f"Counted {number}", max_length=20, required=False, widget=forms.TextInput(attrs=AMOUNT)
            )
            self.fields[f"liquid_{number}"] = forms.BooleanField(label=f"in mL {number}", required=False)

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"name_{n}"], self[f"size_{n}"], self[f"liquid_{n}"]) for n in self.LINES]


class LetGoForm(SecondSignature, OnceForm):
    how = forms.ChoiceField(
        label="What becomes of it", widget=forms.RadioSelect,
        choices=(("returned", "given back"), ("surrendered", "given up for destruction")),
        error_messages={"required": "Choose what becomes of it."},
    )  # fmt: skip
    seal_whole = forms.ChoiceField(
        label="The seal", widget=forms.RadioSelect, choices=(("yes", "whole"), ("no", "broken")),
        error_messages={"required": "Look at the seal."},
    )  # fmt: skip
    words = forms.CharField(label="Where it is broken: what was found", max_length=300, required=False)


class DestroyBagForm(SecondSignature, OnceForm):
    certificate = forms.CharField(
        label="Certificate", max_length=120, error_messages={"required": "Write the number of the certificate."}
    )
    pin = forms.CharField(label="Your PIN", max_length=8, required=False, widget=forms.PasswordInput)


class CountForm(SecondSignature, OnceForm):
    """One box a line; nothing of what is expected is in it."""

    def __init__(self, *args: Any, batches: Sequence[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batches = {f"n_{one.public_id.hex}": one for one in batches}
        for number, (name, batch) in enumerate(self.batches.items()):
            unit = "mL" if batch.product.is_liquid else "pieces"
            attrs = AMOUNT | {"data-next": "", "maxlength": "20", "class": "input input--count"}
            self.fields[name] = forms.CharField(
                label=f"{batch.product.as_clinical().name}, lot {batch.lot}, in {unit}", max_length=20,
                widget=forms.TextInput(attrs=attrs | ({"autofocus": True} if number == 0 else {})),
                error_messages={"required": "Not counted. Where nothing lies there, write 0."},
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[Batch, forms.BoundField]]:
        for name in self.batches:
            if self.is_bound and self.errors.get(name):
                said = {"aria-invalid": "true", "aria-describedby": f"{self[name].auto_id}-error"}
                self.fields[name].widget.attrs.update(said)
        return [(batch, self[name]) for name, batch in self.batches.items()]

    def counted(self) -> dict[Any, int]:
        """By batch, in base units. Raises BadInput (the line's field)."""
        return {
            batch.public_id: amounts.read(self.cleaned_data[name], is_liquid=batch.product.is_liquid, field=name)
            for name, batch in self.batches.items()
        }
