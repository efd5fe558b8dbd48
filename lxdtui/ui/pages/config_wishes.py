"""Where changes are typed: one key, everything as YAML, the profiles. Made for the flow."""

from collections.abc import Callable

from textual.app import App

from lxdtui.errors import TextNotUnderstood
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import Configuration
from lxdtui.services.configuration import (
    ConfigEntry,
    HiddenValues,
    OriginKind,
    Version,
    config_entries,
)
from lxdtui.ui.dialogs.config_text import TextDialog, TextQuestion
from lxdtui.ui.dialogs.config_value import KeyQuestion, ValueDialog
from lxdtui.ui.dialogs.error import ErrorDialog, Failure
from lxdtui.ui.dialogs.profiles import EditAsked, ProfilesDialog
from lxdtui.ui.format.configuration import one_line
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.pages.config_flow import Again
from lxdtui.ui.ports.configurations import Configurations
from lxdtui.ui.theme import Glyphs

__all__ = ["as_text", "at_once", "of_key", "of_profiles"]

_WHOLE = (
    "Everything that is set on the instance itself. The server's own keys (volatile) are not"
    " shown and stay."
)


def of_key(app: App[object], key: str, book: KeyBook, *, glyphs: Glyphs) -> Again:
    """Ask for the value of a key.

    Args:
        app: Shows the dialogs.
        key: The key.
        book: What is known of keys.
        glyphs: The characters to draw with.
    """
    known = book.find(key)
    typed: str | None = None

    async def again(wanted: Configuration, refusal: str, base: Version) -> Configuration | None:
        nonlocal typed
        entry = _entry(base, key)
        is_set = key in wanted.config
        shown = wanted.config.get(key, entry.value if entry else "")
        has_lines = (known is not None and known.kind.is_multiline) or "\n" in shown
        name = base.instance.name
        value: str | None
        if has_lines:
            text = TextQuestion(
                what=key,
                name=name,
                text=shown,
                before=base.configuration.config.get(key, entry.value if entry else ""),
                note=f"{known.tells}; an empty text unsets it" if known else "",
                suffix=".yaml" if "user" in key or "cloud" in key else ".conf",
                # What was just typed hides nothing from who typed it.
                is_covered=bool(shown) and shown != typed and is_secret(key),
            )
            value = await app.push_screen_wait(TextDialog(text, glyphs=glyphs, refusal=refusal))
            typed = value
        else:
            question = KeyQuestion(
                key=key,
                name=name,
                value=shown,
                known=known,
                is_set=is_set,
                without=_without(entry),
                is_running=base.instance.is_running,
            )
            dialog = ValueDialog(question, glyphs=glyphs, refusal=refusal)
            value = await app.push_screen_wait(dialog)
        if value is None:
            return None
        if not is_set and value == shown:
            # It would only write down on the instance what holds anyway.
            return wanted
        return wanted.with_key(key, value or None)

    return again


def as_text(app: App[object], service: Configurations, *, glyphs: Glyphs) -> Again:
    """Ask for everything as YAML.

    Args:
        app: Shows the dialogs.
        service: Knows how a configuration is written.
        glyphs: The characters to draw with.
    """
    typed = ""
    meant: Configuration | None = None
    hidden = HiddenValues(is_secret)

    async def again(wanted: Configuration, refusal: str, base: Version) -> Configuration | None:
        nonlocal typed, meant
        # What was typed comes back as it was, with its comments and blanks.
        is_typed = bool(typed) and wanted == meant
        text = typed if is_typed else service.to_text(hidden.cover(wanted))
        before = service.to_text(hidden.cover(base.configuration))
        line = 0
        while True:
            question = TextQuestion(
                what="Configuration",
                name=base.instance.name,
                text=text,
                before=before,
                note=_WHOLE,
                line=line,
                hidden=hidden,
            )
            dialog = TextDialog(question, glyphs=glyphs, refusal=refusal)
            answer = await app.push_screen_wait(dialog)
            if answer is None:
                return None
            try:
                meant = hidden.uncover(service.from_text(answer, base.configuration))
            except TextNotUnderstood as error:
                text, refusal, line = answer, error.message, error.line
                continue
            typed = answer
            return meant

    return again


def of_profiles(
    app: App[object],
    *,
    glyphs: Glyphs,
    edit: Callable[[EditAsked], None],
    before: EditAsked | None = None,
) -> Again:
    """Ask for the profiles and their order.

    Args:
        app: Shows the dialogs.
        glyphs: The characters to draw with.
        edit: Told where a profile itself is to be changed; then nothing else is wanted.
        before: What was asked for last, so that what was chosen then is chosen again.
    """
    first = before.chosen if before else None

    async def again(wanted: Configuration, refusal: str, base: Version) -> Configuration | None:
        nonlocal first
        dialog = ProfilesDialog(
            base.instance.name,
            wanted.profiles if first is None else first,
            base.profiles,
            glyphs=glyphs,
            refusal=refusal,
        )
        first = None
        answer = await app.push_screen_wait(dialog)
        if isinstance(answer, EditAsked):
            edit(answer)
            return None
        return None if answer is None else wanted.with_profiles(answer)

    return again


def at_once(
    app: App[object],
    how: Callable[[Configuration], Configuration],
    *,
    tried: str,
    glyphs: Glyphs,
) -> Again:
    """Make a change that needs no words, such as taking a key away.

    Args:
        app: Shows what the server said where it refuses.
        how: Makes the change.
        tried: What is tried, for the words of a refusal.
        glyphs: The characters to draw with.
    """
    is_asked = False

    async def again(wanted: Configuration, refusal: str, _base: Version) -> Configuration | None:
        nonlocal is_asked
        if refusal:
            failure = Failure(tried=tried, reason=refusal, hint="")
            dialog = ErrorDialog((failure,), offers_again=True, glyphs=glyphs)
            step = await app.push_screen_wait(dialog)
            return None if step is None else wanted
        if is_asked:
            # There is nothing to go back to.
            return None
        is_asked = True
        return how(wanted)

    return again


def _entry(base: Version, key: str) -> ConfigEntry | None:
    entries = config_entries(base.configuration, base.instance.expanded_config, base.profiles)
    return next((entry for entry in entries if entry.key == key), None)


def _without(entry: ConfigEntry | None) -> str:
    """Say what holds where the instance itself says nothing."""
    if entry is None:
        return ""
    layers = [(entry.origin, entry.value), *entry.below]
    for origin, value in layers:
        if origin.kind is OriginKind.PROFILE:
            shown = one_line(entry.key, value, reveals=False)
            return f"then {shown or 'nothing'} of {safe_text(origin.words)}"
    return ""
