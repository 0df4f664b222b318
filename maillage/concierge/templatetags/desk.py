"""`{{ words|word:key }}`: an entry of a dictionary of words."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def word(words: Mapping[str, str], key: str) -> str:
    """Return the words of `key`, or the key itself so that a missing one is seen."""
    return words.get(key, key)
