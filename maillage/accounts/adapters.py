"""Sign-in rules for allauth: agents are invited, nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AgentAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up: an account is made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
