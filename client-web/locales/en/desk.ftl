title = Desk
language-choice = Language of this page

## Who the worker is

role-outreach = outreach worker
role-peer = peer worker
role-doctor = doctor
role-psychologist = psychologist
role-lawyer = lawyer
role-coordinator = coordinator
shift-until = shift until { $time }
shift-until-day = shift until { $day }, { $time }
shift-over = the shift has ended

## Duty

duty-go-on = Go on duty
duty-go-off = Go off duty
duty-off = Off duty.
duty-off-hint = Nobody new can reach you.
duty-connecting = Connecting…
duty-connecting-hint = This may take a minute over Tor.
duty-on = On duty.
duty-on-hint = New people can reach you.
duty-unreachable = The relay does not answer.
duty-unreachable-hint = Trying again by itself. Check this computer’s connection.
duty-refused = You could not go on duty.
duty-refused-hint = Try again, or ask your coordinator.

refused-certificate_refused = The relay does not accept your shift certificate. Ask your coordinator for a new enrolment file.
refused-certificate_expired = By the relay’s clock your shift has ended or has not begun. Check this computer’s date and time. If they are right, ask your coordinator for a new enrolment file.
refused-unknown_service = This relay does not serve your organisation. Ask your coordinator which relay to use.
refused-sign_in_refused = The relay did not accept the sign-in. Check the relay’s address with your coordinator, then try again.
refused-statement_refused = The keys in your enrolment file are not this week’s. Ask your coordinator for a new file.
refused-clock_wrong = This computer’s clock and the relay’s disagree. Set the date and time, then try again.
refused-no_shift_today = Your enrolment file has no shift for today. Ask your coordinator for one.
refused-not_a_relay = The address answers, but it is not a relay. Check the address with your coordinator.

## Waiting

waiting = Waiting
waiting-count = { $count ->
    [one] { $count } person waits
   *[other] { $count } people wait
}
waiting-none-on = Nobody is waiting. New people appear here by themselves.
waiting-none-off = You are off duty. Go on duty to see who is waiting.
waiting-none-yet = People who wait will appear here once the relay answers.
waited-now = waiting for less than a minute
waited-minutes = { $count ->
    [one] waiting { $count } minute
   *[other] waiting { $count } minutes
}
waited-hours = { $count ->
    [one] waiting more than { $count } hour
   *[other] waiting more than { $count } hours
}
accept = Accept
accepting = Accepting…

subject-not_said = Subject not said
subject-danger = Overdose or danger now
subject-safer_use = Safer use
subject-wounds = Wounds and health
subject-tests = HIV, hepatitis and tests
subject-treatment = Treatment
subject-feelings = Feelings
subject-law = Law and police
subject-somebody_close = About somebody close
subject-other = Something else

channel-messenger = link from a messenger
channel-forum = link from a forum
channel-social = link from a social network
channel-site = link from a site
channel-bot = link from a bot
channel-card = link from a card or poster

## Consultations

switcher = Waiting list and consultations
consultations = Consultations
consultations-none = No consultations yet
consultations-none-hint = When you accept somebody who waits, the consultation opens here.
consultation-about = Consultation: { $subject }, { $language }
unread-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
status-connecting = Connecting
status-open = Open
status-ended = Ended
line-joined = Connected
line-client_away = The client’s connection broke. What you write is sent when they are back.
line-reconnecting = Your connection broke. What you write is sent when it is back.
log = Messages
log-connecting = Connecting. You can already write.
log-open = Say who you are and what you can help with. Ask whether anybody else can see their screen.
log-earlier = Earlier messages
you = You
client = Client
said-delivered = delivered
said-underway = on its way
said-not_delivered = not delivered
composer = Write to the client
composer-open = The client reads this
composer-closed = Closed while you write to a colleague. Press to open.
send = Send
too-long = This text is too long for one message. Send it in parts.
end = End
end-question = End this consultation for both of you? It cannot be opened again.
end-confirm = End it
end-cancel = Go on talking

ended-worker = You ended this consultation.
ended-client = The client ended this consultation.
ended-lost = Nothing was heard from the client for half an hour, so the consultation was ended. The client can come back with a new link.
ended-broken = Something arrived that could not be opened, so the consultation was ended. Nobody else can have read it. The client can come back with a new link.
ended-handed_over = This consultation was handed over to a colleague.
forget = Wipe
forget-hint = Take down what your report needs, without names. Wiping removes these messages from this computer’s memory.

## Colleagues

colleague-unknown = a colleague
colleague-name = { $alias } ({ $role })
colleague-off-duty = not on duty now
colleagues-none = Nobody else is on duty now. A colleague who comes on duty appears here.
colleagues-off-duty = You are off duty. You see your colleagues while you are on duty.

requests = Colleagues ask you
requests-count = { $count ->
    [one] { $count } request from a colleague
   *[other] { $count } requests from colleagues
}
request-from = { $name } asks you to go on with this consultation:
request-accepted = You said yes. Now the client is asked; if they agree, the consultation opens here.
summary = Summary
summary-none = There is no summary.
summary-unseen = The client does not see the summary:
take-over = Take over
not-now = Not now

hand-over = Hand over…
hand-over-whom = Who should go on with the client?
hand-over-summary = Summary for your colleague
hand-over-summary-hint = What the client wrote is not passed on: your colleague gets only this summary. Write it without names.
hand-over-order = First your colleague is asked, then the client. If either says no, you go on.
hand-over-ask = Ask
hand-over-keep = Cancel
room-left = { $count ->
    [one] room for about { $count } more character
   *[other] room for about { $count } more characters
}
room-over = { $count ->
    [one] too long by about { $count } character
   *[other] too long by about { $count } characters
}
stage-asking_colleague = Asking { $name }. Meanwhile you go on with the client.
stage-asking_client = { $name } can take over. Now the client is asked.
stage-moving = The client is going over to { $name }.
take-back = Take back
taken-over = Taken over from { $name }.
handed-over-to = Handed over to { $name }.

whispers = Between colleagues
whispers-tab = Colleagues
whispers-open = Ask a colleague
whispers-line = The client never sees this. Nothing of it is kept.
whispers-whom = Whom to write to
whispers-count = { $count ->
    [one] { $count } new message from a colleague
   *[other] { $count } new messages from colleagues
}
whispers-log = Messages with { $name }
whispers-forget = Wipe these messages
whisper = Send to colleague
whisper-to = To { $name }, not to the client
whisper-away = { $name } is not on duty now. Nothing can be sent to them.
whisper-write = Write to { $name }

## From the console

dismiss = Close
notice-offer_gone = This person is no longer waiting: a colleague was faster, or they left.
notice-offer_deferred = New consultations cannot begin just now. This person still waits: accept again in a moment. Your open consultations go on.
notice-seat_gone = The consultation could not be opened in time. If the person still waits, accept again.
notice-too_many_consultations = You have as many consultations as you can have at once. End one, or wipe one that has ended, before you accept another.
notice-text_too_long = The text was too long and was not sent. It is back in its field: send it in parts.
notice-link_already_used = Somebody came with a link that had been used already. They were turned away; a new link will let them in.
notice-opening_damaged = Somebody came with a request that could not be opened. They were turned away; a new link may help.
notice-queue_full = Too much is still on its way, so this text was not sent. It is back in its field: send it when the earlier messages are delivered.
notice-hand_over_declined = Your colleague cannot take the consultation over now. You go on with the client.
notice-hand_over_refused = The client would rather stay with you. You go on.
notice-hand_over_failed = The hand-over did not work: your colleague is no longer there. You go on with the client.
notice-hand_over_gone = The consultation that you agreed to take over stays with your colleague, or it has ended.

connection-connecting = Connecting to the Vestibule program on this computer…
connection-reconnecting = The Vestibule program on this computer does not answer. Trying again; what you have written stays here.
connection-gone = The Vestibule program was closed
connection-gone-hint = Its consultations have ended, and nothing of them is kept. To go on working, start it again: it opens a new page. You can close this one.
connection-no_bearer = Start the Vestibule program first
connection-no_bearer-hint = This page works only when the program on this computer opens it. Start it with:
connection-bearer_refused = This page belongs to an earlier start
connection-bearer_refused-hint = The Vestibule program was started again and has opened a new page. Use that one and close this one. If there is none, start the program:
connection-crowded = The desk is already open four times
connection-crowded-hint = Close another of its pages, then try again.
connection-misunderstood = This page and the Vestibule program do not understand each other
connection-misunderstood-hint = Try again. If this returns, close the program and start it anew.
retry = Try again
