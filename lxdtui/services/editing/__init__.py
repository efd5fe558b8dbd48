"""Editing texts: what they are made of, their differences, merging, earlier versions.

Knows nothing of screens. :mod:`difference` and :mod:`merge` are plain functions
on lines and may be used for any two texts.
"""
