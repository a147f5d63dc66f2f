"""The whole deployment, rehearsed on an emulator: `python -m infra.rehearsal`."""
