"""The interface, in Textual.

What stands above may import what stands below, never back:

- ``app``: the program, which opens screens
- ``screens``: one module each; none knows another, they post a message of
  :mod:`lxdtui.ui.messages` and the app opens the other one
- ``work``: what is asked, done and told on behalf of screens
- ``frames`` and ``pages``: what screens are built on, and the tabs of a container
- ``dialogs``, which draw ``forms``
- ``widgets``
- ``ports``: what is needed of the services; never HTTP
- ``state``: what screens keep, without drawing it
- ``actions``: one table of all that can be done
- ``format``: values into words
- ``host``: the terminal that all runs in
"""
