"""Regular expressions that somebody typed, tried without holding anything up."""

from lxdtui.services.expressions.trying import LONGEST_TRY, Expressions

__all__ = ["LONGEST_TRY", "Expressions"]
