"""Pages that customers see: they work without JavaScript, on a phone, by keyboard, in English and Chinese."""
