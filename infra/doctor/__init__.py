"""Says in plain words whether a desk can receive and send mail, and what to mend (docs/doctor.md)."""
