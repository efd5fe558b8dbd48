"""What asks, works and tells on behalf of screens."""
