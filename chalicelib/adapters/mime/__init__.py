"""Mail as bytes: reading what came, whatever it is (`reading`), and writing what goes (`writing`)."""
