"""A LinkUp that nobody pays: applicants of invented jobs, credits that run out, CVs (linkup.md 13)."""
