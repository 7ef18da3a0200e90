"""Talynce's stand-in: the contract of talynce.md, faults and limits included (section 8)."""
