"""What the desk does: one verb_noun file per step of a ticket's story. What they need of the world is in ports/."""
