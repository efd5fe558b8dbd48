"""The terminal that lxdtui runs in: its driver, its output, and lending it to other programs."""
