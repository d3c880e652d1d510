"""Filters for texts that were not written for the page: `{{ site.address|own_words }}` (website.languages)."""

from django import template

from website import languages

register = template.Library()
register.filter(languages.own_words)
register.filter(languages.said_here)
register.filter(languages.language_of)
