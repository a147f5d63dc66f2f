"""Why a measurement has no number."""


class AnchorUnavailableError(Exception):
    """This machine lacks what the measurement needs: Linux's /proc, or a package registry. Says which in one line."""


class MeasurementInvalidError(Exception):
    """The measurement ran, but its number would mean something else than it says; says why in one line."""
