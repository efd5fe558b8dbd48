"""What the interface needs of the services."""
