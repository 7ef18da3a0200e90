"""Taking the text out of a file, in a process that can be killed and that can do nothing else (dangers C04–C09)."""

from candidates.reading.parent import LONGEST, READABLE, text_of

__all__ = ["LONGEST", "READABLE", "text_of"]
