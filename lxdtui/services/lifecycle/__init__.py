"""Making instances, renaming and copying them, making images of them, moving them elsewhere."""
