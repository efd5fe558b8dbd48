"""What an LXD or Incus server has, as frozen values.

Parsing lives in the ``from_api`` class methods. They ignore unknown fields,
keep unknown words as text and raise :class:`~lxdtui.errors.UnexpectedResponse`
where a required field is missing or of the wrong type. There is no input or
output here, no clock and no Textual.
"""
