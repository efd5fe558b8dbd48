"""A terminal interface for LXD and Incus."""
