"""The chat box that a shop embeds: a script for its page, a page of ours in a frame, and what that asks for."""
