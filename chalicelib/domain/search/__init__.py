"""Finding tickets by their words: what of a ticket is found, how a question is read, and how an answer is shown."""
