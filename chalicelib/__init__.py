"""Pennydesk: a serverless helpdesk."""

import gc

__version__ = "0.1.0"

gc.set_threshold(50_000)
# Imports make many objects and drop few: to look for garbage after every 700 of them, Python's default, takes a twelfth
# of a cold start and finds nothing. What a request leaves behind is still collected, less often.
