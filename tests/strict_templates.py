"""In tests, a variable that our own template names and the view does not give is a failure.

Django prints nothing for it, so a misspelt name reaches the screen as a hole. Only templates of ours are held to
it (the folder `templates/`); packages use the silence. `{% if name %}` stays as lenient as
Django makes it, since asking whether a thing is there is what it is for.
"""

import copy
from pathlib import Path

from django.conf import settings
from django.template.base import FilterExpression, VariableDoesNotExist
from django.template.defaulttags import ForNode

OWN_FOLDER = Path(settings.BASE_DIR) / "templates"

_original_init = FilterExpression.__init__
_original_resolve = FilterExpression.resolve
_original_for = ForNode.render


class _OwnToken(str):
    """The text of an expression in a template of ours. The expression itself has slots and takes no new name."""

    template = ""


class UndefinedVariable(AssertionError):
    """A template of ours names something that is not in its context."""


def _init_with_origin(self, token, parser):
    _original_init(self, token, parser)
    name = getattr(parser.origin, "name", None) or ""
    if Path(name).is_relative_to(OWN_FOLDER):
        self.token = _OwnToken(self.token)
        self.token.template = name


def _own_template(expression):
    return getattr(getattr(expression, "token", None), "template", None)


def _resolve_strictly(self, context, ignore_failures=False):
    if _own_template(self) is None or ignore_failures or not self.is_var:
        return _original_resolve(self, context, ignore_failures)
    try:
        value = self.var.resolve(context)
    except VariableDoesNotExist as error:
        raise UndefinedVariable(f"{_own_template(self)}: {{{{ {self.token} }}}}: {error}") from error
    if not self.filters:
        return value
    # The filters see the value just found, as if it stood in the template: it is not looked up twice.
    found = copy.copy(self)
    found.is_var = False
    found.var = value
    return _original_resolve(found, context)


def _loop_strictly(self, context):
    """A loop over a misspelt name is an empty list on the screen: its sequence is looked up strictly too."""
    expression = self.sequence
    if _own_template(expression) is None:
        return _original_for(self, context)
    strict = copy.copy(self)
    strict.sequence = _Strict(expression)
    return _original_for(strict, context)


class _Strict:
    """An expression that does not let its failures be ignored."""

    def __init__(self, expression):
        self.expression = expression

    def resolve(self, context, ignore_failures=False):
        return self.expression.resolve(context)


def install() -> None:
    FilterExpression.__init__ = _init_with_origin
    FilterExpression.resolve = _resolve_strictly
    ForNode.render = _loop_strictly
