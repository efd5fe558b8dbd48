"""The pages of the detail screen.

A page is a subclass of :class:`~lxdtui.ui.pages.page.Page` in a module of its
own here. It becomes a tab by one line in :mod:`lxdtui.ui.pages.catalog`, and
gets its number key by one line in :mod:`lxdtui.ui.actions.tables.detail`. Keys
of its own are a scope with a table of actions, named in ``SCOPES`` and bound by
``page_bindings``; they act through :meth:`Page.perform`.
"""
