"""Recordings and profiles in the formats of others, a file each. Everything is written at once, and never over a file
that is there unless that was asked for (`whole_file`).
"""
