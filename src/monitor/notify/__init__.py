"""Alarms: what is wrong with the service, told once, and by the ways that the operator configured."""

from monitor.notify.alarms import Alarm, Health, evaluate, news
from monitor.notify.book import AlarmBook
from monitor.notify.facts import CollectFacts, read_facts, write_facts
from monitor.notify.senders import Message, Sent, check_ways, deliver, heartbeat, ways

__all__ = [
    "Alarm",
    "AlarmBook",
    "CollectFacts",
    "Health",
    "Message",
    "Sent",
    "check_ways",
    "deliver",
    "evaluate",
    "heartbeat",
    "news",
    "read_facts",
    "ways",
    "write_facts",
]
