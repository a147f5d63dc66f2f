"""Somebody of the desk comes in, and leaves: by their account's password, as the agent who has its mail address."""

from dataclasses import replace

from chalicelib.domain.errors import SignInRefused
from chalicelib.domain.people import Agent
from chalicelib.domain.sign_in import Challenge, Proven
from chalicelib.usecases.change_agent import change_agent
from chalicelib.usecases.ports import StaffedDesk


def sign_in(desk: StaffedDesk, email: str, password: str) -> Agent | Challenge:
    """Give the agent who signs in, or what else is asked of them. Raises SignInRefused."""
    return _agent_of(desk, desk.accounts.sign_in(email.strip().lower(), password))


def answer_challenge(desk: StaffedDesk, challenge: Challenge, given: str) -> Agent | Challenge:
    """Give the same after what was asked was given. Raises SignInRefused, or InvalidInput for a poor password."""
    return _agent_of(desk, desk.accounts.answer(challenge, given))


def sign_out_everywhere(desk: StaffedDesk, agent_id: str) -> Agent:
    """End every session of an agent, on whatever device. Raises NotFound."""
    now = desk.clock.now()
    return change_agent(desk, agent_id, lambda agent: replace(agent, signed_out_at=now))


def _agent_of(desk: StaffedDesk, found: Proven | Challenge) -> Agent | Challenge:
    if isinstance(found, Challenge):
        return found
    agents = desk.people.roster().agents
    agent = next((one for one in agents if one.active and one.email.lower() == found.email), None)
    if agent is None:
        raise SignInRefused("nobody who works at this desk has this address")
    return agent
