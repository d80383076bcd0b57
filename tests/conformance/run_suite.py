"""Runs Autobahn's WebSocket test suite against a server that echoes binary messages.

Python 2.7, because the suite never went further: pip install autobahntestsuite==0.8.2

Vestibule has no texts and no extensions, and its messages are small. So what the suite sends as text is sent as
binary and expected back as such, and these are left out:

6                        UTF-8 in texts
9                        messages of up to 16 MiB, and speed
1.1.6 to 8, 1.2.6 to 8   messages of 64 KiB
10                       the same, in fragments
12, 13                   compression

Prints a table of chapters, and every case that was not passed.
"""
from __future__ import print_function

import sys
from collections import Counter, OrderedDict

from autobahntestsuite import fuzzing
from autobahntestsuite.case.case import Case
from twisted.internet import reactor

LARGE = ["%s.%d" % (chapter, case) for chapter in ("1.1", "1.2") for case in (6, 7, 8)]
LEFT_OUT = ["6.*", "9.*", "10.*", "12.*", "13.*"] + LARGE
TEXT, BINARY = 1, 2
PASSED = ("OK", "INFORMATIONAL")

protocol = fuzzing.FuzzingClientProtocol
send_frame, send_message = protocol.sendFrame, protocol.sendMessage


def send_frame_as_binary(self, opcode, *arguments, **named):
    return send_frame(self, BINARY if opcode == TEXT else opcode, *arguments, **named)


def send_message_as_binary(self, payload, isBinary=False, *arguments, **named):
    return send_message(self, payload, True, *arguments, **named)


def compare_without_kind(self, one, other):
    """Whether a message was text or binary is what we changed."""
    def plain(events):
        return [event[:2] if event[0] == "message" else event for event in events]
    return plain(one) == plain(other)


protocol.sendFrame, protocol.sendMessage = send_frame_as_binary, send_message_as_binary
Case.compare = compare_without_kind


class Factory(fuzzing.FuzzingClientFactory):
    def createReports(self):
        """What is wanted is printed below."""


factory = Factory({
    "servers": [{"agent": "relay", "url": sys.argv[1], "options": {"version": 18}}],
    "cases": ["*"],
    "exclude-cases": LEFT_OUT,
    "exclude-agent-cases": {},
})
reactor.run()

results = factory.agents["relay"]
chapters = OrderedDict()
failed = False
for case in sorted(results, key=lambda case: [int(part) for part in case.split(".")]):
    behavior, close = results[case]["behavior"], results[case]["behaviorClose"]
    counts = chapters.setdefault(case.split(".")[0], Counter())
    counts[behavior] += 1
    if behavior not in PASSED or close not in PASSED:
        failed = True
        print("%s: %s, close %s" % (case, behavior, close), file=sys.stderr)
print("| chapter | cases | passed | informational |\n|---|--:|--:|--:|")
for chapter, counts in chapters.items():
    numbers = (chapter, sum(counts.values()), counts["OK"], counts["INFORMATIONAL"])
    print("| %s | %d | %d | %d |" % numbers)
if len(results) != len(factory.specCases):
    print("only %d of %d cases were run" % (len(results), len(factory.specCases)), file=sys.stderr)
    failed = True
sys.exit(1 if failed else 0)
