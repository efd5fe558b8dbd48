"""Widgets: given plain values, they show them and give back messages."""
