"""The door to a provider of text messages. Which one is a setting; a demonstration keeps them on its mailbox page."""

import logging
from typing import Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log addresses


class SmsRefused(Exception):
    """The provider cannot be reached, or refused the message. `for_good`: trying again would not help."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good


class SmsGateway(Protocol):
    """Sends one text message. `key` is the same each time the same message is tried: a provider may drop the second."""

    def send(self, number: str, text: str, key: str) -> None:
        """Hand over `text` for `number`. Raises SmsRefused."""


class HttpSms:
    """Any provider that takes a JSON POST with a bearer token, see docs/operations.md (MAILLAGE_SMS_URL)."""

    timeout = httpx.Timeout(10.0, connect=5.0)

    def send(self, number: str, text: str, key: str) -> None:
        """Post the message. An answer of 4xx, 408 and 429 apart, is for good."""
        body = {"from": settings.SMS_SENDER, "to": international(number), "text": text, "reference": key}
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}", "Idempotency-Key": key}
        try:
            answer = httpx.post(settings.SMS_URL, json=body, headers=headers, timeout=self.timeout)
        except httpx.HTTPError as lost:
            raise SmsRefused(type(lost).__name__) from lost
        if not answer.is_success:
            refused = 400 <= answer.status_code < 500 and answer.status_code not in {401, 403, 408, 429}
            raise SmsRefused(f"HTTP {answer.status_code}", for_good=refused)


def sms_gateway() -> SmsGateway | None:
    """Return the gateway of the settings, None when this network sends no text message."""
    return import_string(settings.SMS_GATEWAY)() if settings.SMS_GATEWAY else None


def can_text() -> bool:
    """Tell whether text messages can leave: what may promise one asks first."""
    return bool(settings.SMS_GATEWAY)


def is_mobile(number: str) -> bool:
    """Tell whether a number can receive text messages: a mobile of the country, or one written with its country."""
    whole = international(number)
    own = any(whole.startswith(f"{settings.SMS_COUNTRY}{start}") for start in settings.SMS_MOBILES)
    return own or (whole.startswith("+") and not whole.startswith(settings.SMS_COUNTRY))


def international(number: str) -> str:
    """Return a number as providers want it: +33296000000 for 02 96 00 00 00, in the country of the settings."""
    digits = "".join(mark for mark in number if mark.isdigit() or mark == "+")
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"{settings.SMS_COUNTRY}{digits[1:]}" if digits.startswith("0") else digits
