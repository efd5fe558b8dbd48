"""The interface, in Textual.

``app`` > ``screens`` > ``frame`` > ``dialogs`` > ``widgets`` > ``format``; what
stands left may import what stands right, never back, and screens never import
each other: they post a message of :mod:`lxdtui.ui.messages` and the app opens
the other screen. The interface is handed a fleet (:mod:`lxdtui.ui.fleet`) and
reads its store; it never speaks HTTP.
"""
