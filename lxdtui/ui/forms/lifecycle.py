"""What is asked before containers are made, renamed, copied, published or migrated. Pure."""

from collections.abc import Callable, Collection, Sequence

from lxdtui.model.instance import Instance
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.services.lifecycle.names import instance_name_problem
from lxdtui.services.lifecycle.service import Offer
from lxdtui.services.lifecycle.sources import ImageChoice
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import cut, pad_right, safe_text
from lxdtui.ui.forms.form import Choices, Field, Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["copy_form", "create_form", "migrate_form", "publish_form", "rename_form", "words_of"]

_LISTED = 6
_NAME_WIDTH = 22
_DESCRIPTION_WIDTH = 30
Failure = tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a field that takes several, separated by commas or blanks."""
    return tuple(text.replace(",", " ").split())


def create_form(
    remote: str,
    project: str,
    offer: Offer,
    *,
    taken: Collection[str],
    before: Values | None = None,
    failure: Failure = (),
) -> Form:
    """Ask what container to make.

    Args:
        remote: The server.
        project: The project.
        offer: What it can be made of.
        taken: Names that there are.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    images = [image for image in offer.images if image.type != "virtual-machine"]

    def problem(values: Values) -> str:
        unknown = [one for one in words_of(values["profiles"]) if one not in offer.profiles]
        return (
            _name_problem(values["name"], taken)
            or (f"the server has no profile {unknown[0]}" if unknown else "")
            or _image_problem(values["image"], offer)
        )

    return _form(
        "Create a container in",
        InstanceRef(remote, project, ""),
        fields=_create_fields(offer, images, before),
        do="Create it",
        failure=failure,
        problem=problem,
        explain=lambda values: _fitting(images, values["image"]),
    )


def _create_fields(
    offer: Offer, images: Sequence[ImageChoice], before: Values | None
) -> tuple[Field, ...]:
    given = before or {}
    servers = ", ".join(f"{name}:…" for name in offer.image_servers)
    return (
        Text(id="name", label="Name", value=given.get("name", "")),
        Text(
            id="image",
            label="Image",
            value=given.get("image", images[0].name if images else ""),
            hint=f"alias or fingerprint{f', {servers}' if servers else ''}; empty for none",
            presets=tuple(image.name for image in images),
        ),
        Text(
            id="profiles",
            label="Profiles",
            value=given.get("profiles", "default" if "default" in offer.profiles else ""),
            hint="none",
            presets=offer.profiles,
        ),
        Flag(id="start", label="Start it", value=is_set(given, "start") if before else True),
        Flag(id="ephemeral", label="Delete it when it stops", value=is_set(given, "ephemeral")),
    )


def _fitting(images: Sequence[ImageChoice], words: str) -> tuple[Line, ...]:
    """List the images that what is typed may mean."""
    typed = words.strip().casefold()
    if not typed:
        return (_told("Without an image it has no files and cannot start."),)
    fitting = [
        image
        for image in images
        if typed in image.name.casefold() or typed in image.description.casefold()
    ]
    lines = [_image_line(image) for image in fitting[:_LISTED]]
    if len(fitting) > _LISTED:
        lines.append(_told(f"and {len(fitting) - _LISTED} more images"))
    return tuple(lines)


def _image_line(image: ImageChoice) -> Line:
    name, description = safe_text(image.name), safe_text(image.description)
    return (
        Piece(pad_right(cut(name, _NAME_WIDTH), _NAME_WIDTH), "$fg"),
        gap(2),
        Piece(pad_right(cut(description, _DESCRIPTION_WIDTH), _DESCRIPTION_WIDTH), "$muted"),
        Piece(size(image.size).rjust(10), "$muted"),
    )


def rename_form(
    ref: InstanceRef,
    *,
    taken: Collection[str],
    before: Values | None = None,
    failure: Failure = (),
) -> Form:
    """Ask for another name of a container; for the arguments see :func:`create_form`."""
    return _form(
        f"Rename {ref.name} in",
        ref,
        fields=(Text(id="name", label="Name", value=(before or {}).get("name", ref.name)),),
        do="Rename it",
        failure=failure,
        problem=lambda values: _name_problem(values["name"], taken),
        explain=lambda _values: (_told("The host name inside follows at the next start."),),
    )


def copy_form(
    ref: InstanceRef,
    *,
    taken: Collection[str],
    before: Values | None = None,
    failure: Failure = (),
) -> Form:
    """Ask how to copy a container; for the arguments see :func:`create_form`."""
    given = before or {}
    return _form(
        f"Copy {ref.name} in",
        ref,
        fields=(
            Text(id="name", label="Name", value=given.get("name", f"{ref.name}-copy")),
            Flag(
                id="snapshots",
                label="Copy its snapshots, too",
                value=is_set(given, "snapshots"),
            ),
        ),
        do="Copy it",
        failure=failure,
        problem=lambda values: _name_problem(values["name"], taken),
        explain=lambda _values: (_told("The copy is stopped and gets addresses of its own."),),
    )


def publish_form(
    instance: Instance, *, before: Values | None = None, failure: Failure = ()
) -> Form:
    """Ask how to make an image of a container; for the arguments see :func:`create_form`."""
    given = before or {}

    def explain(_values: Values) -> tuple[Line, ...]:
        if instance.is_running:
            return (_told("It must be stopped; its snapshots can be published as it runs."),)
        return ()

    return _form(
        f"Publish {instance.name} in",
        instance.ref,
        fields=(
            Text(
                id="aliases",
                label="Aliases",
                value=given.get("aliases", instance.name),
                hint="none; several with commas",
            ),
            Text(
                id="description",
                label="Description",
                value=given.get("description", instance.description),
            ),
            Flag(id="public", label="Everybody may download it", value=is_set(given, "public")),
        ),
        do="Publish it",
        failure=failure,
        explain=explain,
    )


def migrate_form(
    instance: Instance,
    targets: Sequence[str],
    *,
    before: Values | None = None,
    failure: Failure = (),
) -> Form:
    """Ask where and how to migrate a container.

    Args:
        instance: The container.
        targets: Names of the servers that it can go to.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    given = before or {}
    stopped = "" if instance.is_running else "it does not run"

    def explain(values: Values) -> tuple[Line, ...]:
        if is_set(values, "live"):
            return (_told("It goes on there and is stopped here, where its files stay."),)
        lines = [_told("It stays here as it is; what arrives there is stopped.")]
        if is_set(values, "addresses"):
            lines.append(_told("In one network, only one of the two should run then."))
        return tuple(lines)

    def problem(values: Values) -> str:
        if instance.is_running and not (is_set(values, "live") or is_set(values, "running")):
            return f"{instance.name} runs: stop it, or choose how it goes"
        return instance_name_problem(values["name"].strip())

    return _form(
        f"Migrate {instance.name} from",
        instance.ref,
        fields=(
            Choices(
                id="target",
                label="To",
                options=tuple((name, safe_text(name)) for name in targets),
                value=given.get("target", ""),
            ),
            Text(id="name", label="Name there", value=given.get("name", instance.name)),
            Flag(
                id="snapshots",
                label="Take its snapshots along",
                value=is_set(given, "snapshots") if before else True,
            ),
            Flag(
                id="addresses",
                label="Keep its hardware addresses",
                value=is_set(given, "addresses") if before else True,
            ),
            Flag(
                id="live",
                label="Live: its memory, too (both servers need CRIU)",
                value=is_set(given, "live"),
                why_not=stopped,
            ),
            Flag(
                id="running",
                label="Its files as they are while it runs",
                value=is_set(given, "running"),
                why_not=stopped,
            ),
        ),
        do="Migrate it",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def _name_problem(name: str, taken: Collection[str]) -> str:
    if found := instance_name_problem(name.strip()):
        return found
    return f"{name} exists already" if name.strip() in taken else ""


def _image_problem(words: str, offer: Offer) -> str:
    server, colon, _alias = words.strip().partition(":")
    if colon and server not in offer.image_servers:
        known = ", ".join(offer.image_servers) or "none"
        return f"no image server is named {server}; known are: {known}"
    return ""


def _told(words: str) -> Line:
    return (Piece(words, "$muted"),)


def _form(
    title: str,
    ref: InstanceRef,
    *,
    fields: tuple[Field, ...],
    do: str,
    failure: Failure,
    problem: Callable[[Values], str] = lambda _values: "",
    explain: Callable[[Values], tuple[Line, ...]] = lambda _values: (),
) -> Form:
    return Form(
        title=title,
        place=(ref.remote, ref.project),
        is_home=(ref.remote, ref.project) == ("local", DEFAULT_PROJECT),
        fields=fields,
        do=do,
        failure=failure,
        problem=problem,
        explain=explain,
    )
