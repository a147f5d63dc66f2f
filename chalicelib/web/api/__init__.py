"""The JSON API, version 1: the same for the console and for integrations."""
