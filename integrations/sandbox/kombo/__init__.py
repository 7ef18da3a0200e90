"""The stand-in for Kombo's unified ATS API (``kombo.md``)."""
