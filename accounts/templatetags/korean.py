"""Particles in templates: `{{ name }}{{ name|josa:"을/를" }}`; loaded in every template."""

from django import template

from accounts import korean

register = template.Library()


@register.filter
def josa(word: object, pair: str) -> str:
    return korean.josa(word, pair)
