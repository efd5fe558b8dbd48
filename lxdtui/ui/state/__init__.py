"""What screens keep and show, without drawing it."""
