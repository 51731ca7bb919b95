"""Drawings: numbers in, one SVG out. Knows no medicine, no record and no web, so every floor may use it.

Marks carry one class, which the themes repaint on screen, and plain attributes in print colours, so that the same SVG
can stand in a PDF. Nothing is random: the same values give the same bytes.
"""
