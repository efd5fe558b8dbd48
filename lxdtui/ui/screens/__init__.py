"""Screens: they compose, watch and decide. None imports another."""
