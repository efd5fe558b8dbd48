"""The table of actions, one module for each part of the interface."""
