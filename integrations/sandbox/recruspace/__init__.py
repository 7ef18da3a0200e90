"""Recruspace as recruspace.md describes it, section 8 above all."""
