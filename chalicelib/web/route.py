"""One line of the table of addresses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    `handler` is `module:function` under chalicelib.web. An API route names the `scope` its key needs, the models its
    body is `taken` from and its answer fits (`gives`), and the status it answers. `creates` takes an Idempotency-Key;
    `versioned` takes If-Match. A console's page names the `role` that the signed-in agent must at least have. With
    neither scope nor role anybody may come.
    """

    method: str
    path: str
    handler: str
    summary: str
    scope: str = ""
    takes: str = ""
    gives: str = ""
    status: int = 200
    query: tuple[str, ...] = ()
    creates: bool = False
    versioned: bool = False
    role: str = ""

    @property
    def page(self) -> bool:
        """Whether people see it in a browser, rather than machines in the API."""
        return not self.path.startswith("/v1/")
