"""What instances may be called."""

import re

__all__ = ["instance_name_problem"]

_LONGEST = 63
_ALLOWED = re.compile(r"[A-Za-z0-9-]*")


def instance_name_problem(name: str) -> str:
    """Say what is wrong with the name of an instance; empty where nothing is.

    It becomes the name of a host, so that the rules are those of RFC 1123 and the
    further ones of the servers.
    """
    if not name:
        return "it needs a name"
    if len(name) > _LONGEST:
        return f"a name has at most {_LONGEST} characters"
    if not _ALLOWED.fullmatch(name):
        return "a name has letters, digits and dashes only"
    if name[0].isdigit() or name[0] == "-":
        return "a name begins with a letter"
    if name[-1] == "-":
        return "a name does not end with a dash"
    return ""
