"""A corrected e-mail address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The right address of a side that our letters do not reach. The same one again is tried once more."""

    email = forms.EmailField(label=_("The right e-mail address"), max_length=254)

    def __init__(self, data: Any = None, *, position: int, address: str) -> None:
        super().__init__(data, prefix=f"side{position}", initial={"email": address})
        self.fields["email"].widget.attrs["autocomplete"] = "email"
