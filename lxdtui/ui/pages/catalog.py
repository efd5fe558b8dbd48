"""The tabs of the detail screen, in their order."""

from lxdtui.ui.pages.configuration import ConfigurationPage
from lxdtui.ui.pages.devices import DevicesPage
from lxdtui.ui.pages.events import EventsPage
from lxdtui.ui.pages.logs import LogsPage
from lxdtui.ui.pages.overview import OverviewPage
from lxdtui.ui.pages.page import Page
from lxdtui.ui.pages.processes import ProcessesPage

__all__ = ["PAGES"]

PAGES: tuple[type[Page], ...] = (
    OverviewPage,
    ProcessesPage,
    ConfigurationPage,
    DevicesPage,
    LogsPage,
    EventsPage,
)
"""Every page; the key of each is the one of its action ``page.NAME``."""
