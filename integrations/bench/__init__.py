"""The budgets, measured. ``manage.py bench`` starts this in a database, a data folder and ports of its own.

``places`` makes the database, ``people`` fills it, ``screens``, ``flows`` and ``imports`` measure, ``report`` prints.
"""
