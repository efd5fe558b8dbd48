"""Modal screens that end with a value."""
