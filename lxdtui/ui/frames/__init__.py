"""What the screens are built on."""
