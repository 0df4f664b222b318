"""A full rehearsal: search, book, two simulated sites with sound and image, verified both ways, counted.

It runs the installed code on a network and a database of its own, so that real data are never touched.
"""
