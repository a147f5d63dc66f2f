"""Business time and clocks, asked for by JSON; see __main__."""
