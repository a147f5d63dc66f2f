"""A small lively desk to look at: three people, and some customers at different points of their story."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from chalicelib.domain.message import MessageKind
from chalicelib.domain.people import Agent, Role, Team
from chalicelib.domain.ticket import Status
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.open_ticket import NewTicket, open_ticket
from chalicelib.usecases.record_rating import record_rating
from chalicelib.usecases.send_survey import PURPOSE
from infra.local.cloud import LocalCloud

DAY, HOUR, MINUTE = 86400, 3600, 60
DEMO_LENGTH = timedelta(days=3, hours=20)
"""How far back the stories begin."""

BOTH = ("support", "billing")
PEOPLE = (
    Agent("ada", "Ada Lindqvist", "ada@example.com", Role.ADMIN, BOTH, ("billing",), ("en",), capacity=3),
    Agent("lin", "Lin Wei", "lin@example.com", Role.LEAD, BOTH, ("billing",), ("en", "zh"), capacity=4),
    Agent("sam", "Sam Okafor", "sam@example.com", Role.AGENT, ("support",), (), ("en",), capacity=5),
)
TEAMS = (Team("support", "Support", ("lin",)), Team("billing", "Billing", ("lin",)))


def make_people(cloud: LocalCloud) -> None:
    """Let Ada (admin), Lin (lead) and Sam (agent) work in the teams Support and Billing."""
    people = cloud.desk.people
    for agent in PEOPLE:
        people.save_agent(agent)
    for team in TEAMS:
        people.save_team(team)


def load_demo(cloud: LocalCloud) -> None:
    """Tell the stories; the cloud's clock must stand DEMO_LENGTH back, and is moved on as they happen."""
    make_people(cloud)
    _mug(cloud)
    cloud.advance(DAY + 5 * HOUR)
    _kettle(cloud)
    cloud.advance(DAY + 12 * HOUR)
    _mail(cloud, "Theo Brandt", "theo@brandt.example", "Charged twice", "Hi,\n\nyou charged me twice.\n\nTheo")
    _form(cloud, "Nora Silva", "nora@silva.example", "Where is my parcel?", "It should have been here on Tuesday.")
    cloud.advance(40 * MINUTE)
    _mail(cloud, "Ivo Novak", "ivo@novak.example", "URGENT: log in is broken", "Nobody here can log in!\n\nIvo")


def _mug(cloud: LocalCloud) -> None:
    """Told from end to end: asked, answered and solved, surveyed, rated."""
    text = "Hello,\n\nthe mug is in pieces.\n\nJune"
    ref = _mail(cloud, "June Park", "june@park.example", "My mug arrived broken", text)
    cloud.advance(30 * MINUTE)
    _answer(cloud, ref, "sam", "Hello June,\n\nI am sorry! A new one leaves today.", Status.SOLVED)
    cloud.advance(DAY + HOUR)
    token = cloud.desk.signer.seal(PURPOSE, {"ref": ref, "survey": "1"})
    record_rating(cloud.desk, token, 5, "Quick and kind, thank you!")


def _kettle(cloud: LocalCloud) -> None:
    """Answered in Chinese, waiting for the customer."""
    text = "您好，\n\n上周买的水壶今天坏了，请问可以换货吗？谢谢！\n\n王芳"
    ref = _mail(cloud, "王芳", "wang.fang@shop.example", "水壶坏了", text)
    cloud.advance(20 * MINUTE)
    answer = "王女士您好，非常抱歉！请把订单号发给我们，我们马上为您换新。"
    _answer(cloud, ref, "lin", answer, Status.PENDING)


def _mail(cloud: LocalCloud, name: str, email: str, subject: str, text: str) -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"{name} <{email}>", "support@example.com", subject
    message["Date"] = format_datetime(cloud.clock.now())
    message["Message-ID"] = f"<demo-{email.replace('@', '-at-')}@{email.partition('@')[2]}>"
    message.set_content(text)
    cloud.receive_mail(bytes(message), email, ["support@example.com"])
    cloud.settle()
    customer = cloud.desk.customers.id_of(email)
    return cloud.desk.tickets.of_customer(customer, 1).cards[0].ref


def _form(cloud: LocalCloud, name: str, email: str, subject: str, text: str) -> None:
    new = NewTicket(origin=f"form:demo:{email}", channel="form", subject=subject, text=text, email=email, name=name)
    open_ticket(cloud.desk, new)
    cloud.settle()


def _answer(cloud: LocalCloud, ref: str, agent_id: str, text: str, status: Status) -> None:
    name = next(agent.name for agent in PEOPLE if agent.id == agent_id)
    new = NewMessage(
        origin=f"demo:{ref}:{agent_id}",
        kind=MessageKind.REPLY,
        text=text,
        author=f"agent:{agent_id}",
        author_name=name,
        status=status,
    )
    answer_ticket(cloud.desk, ref, new)
    cloud.settle()
