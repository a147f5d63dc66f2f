"""Pages that the people of the desk see: they work as plain forms, and small scripts make them quick."""
