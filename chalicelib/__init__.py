"""Pennydesk: a serverless helpdesk."""

__version__ = "0.1.0"
