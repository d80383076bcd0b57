## The desk as a whole

tools = For the whole desk
panel-shift = Shift
panel-links = Links
panel-announce = Announce
panel-report = Report
panel-scripts = Emergency
panel-help = Keys
panel-panic = Wipe everything?
panel-off_duty = A hand-over is under way
lock = Lock
panic = Wipe all
panic-hint = Every consultation ends at once. The words and keys in this computer’s memory are wiped, and your enrolment file can never be opened again. Your coordinator can give you a new one.
panic-confirm = Wipe everything now
panic-cancel = Go on working
panic-again = Press Alt + P once more to wipe everything.
off-duty-hint = If you go off duty now, the hand-over is broken off, and the client stays with the worker who has them now.
off-duty-confirm = Go off duty all the same
off-duty-cancel = Stay on duty
network-off = This computer has no network. What you write stays here; the desk connects by itself.
capacity = At once:
capacity-full = { $count ->
    [one] You have { $count } consultation, as many as you chose. To accept more, choose a higher number above.
   *[other] You have { $count } consultations, as many as you chose. To accept more, choose a higher number above.
}

## Who comes, and how

channel-return = was here before
door = open address of the service
wish-me = asks for you
wish-colleague = asks for a colleague
refuse-offer = Leave to others

## In a consultation

more = More…
muted = Muted: no sound, no new marks.
mute = Mute
mute-hint = If somebody keeps abusing you: no sound and no marks from here.
safety-title = Safety words
safety-about = If you can speak with this person in another way, face to face or by phone, read these words to each other. Theirs are under “Connection”. If they differ, somebody is standing between you: end the consultation and tell your coordinator.
return-link-hint = Give a link with which the client can come back. It opens once and is good for at most three days. Nothing else connects the two visits.
return-link-me = Link back to me
return-link-anybody = Link to anybody
end-propose = Suggest to the client
end-proposed = You suggested ending. The client has not answered yet.
end-and-refuse = End and refuse
end-and-refuse-hint = Only for abuse: links that you gave in this consultation will not let the person in again.
hand-over-again = Somebody is on duty now. Press “Hand over…” again.
said-return_link = You gave a link to come back with.
said-end_proposed = You suggested ending.
said-end_declined = The client wants to go on.
looks-phone = Looks like a phone number. Do not copy it anywhere.
looks-address = Looks like an address or a user name. Do not copy it anywhere.
looks-link = Looks like a link. Do not open it on this computer.

## Replies, cards, emergency

replies = Replies
cards = Cards
script = Emergency
picker-replies = Replies to put into the field
picker-cards = Cards to send to the client
picker-replies-search = Find a reply; Enter puts it in
picker-cards-search = Find a card; Enter sends it
picker-none = Nothing fits these words.
picker-no-pack = The service’s texts are not there.
preview = As the client will read it
preview-other-language = Not in the client’s language: { $language }.
card-checklist = Checklist
card-leaflet = Leaflet
card-referral = Referral
scripts = Emergency steps
script-steps = Steps
scripts-none = The service’s texts have no emergency steps.

## After a consultation

coding = What it was about
coding-hint = Press what fits; leave out the rest. Only figures stay.
coding-done = Done: count and wipe
coding-skip = Wipe without answers
coding-full = Up to three.

## The shift

shift-who = On duty now
shift-totals = Counted so far
totals-none = Nothing has been counted yet.
totals-shift = This shift
totals-consultations = consultations
totals-hand_overs = hand-overs
report = For the report, in consultations
report-handed_in = handed in
report-going = on the way
report-waiting = until there are five
totals-hint = The report gets totals of five consultations at least. Fewer stay encrypted on this computer until your next shift.
shift-desk = This desk
sound-on = Sound is on
sound-off = Sound is off
sound-hint = Two calm tones: somebody waits, or somebody has written.
lock-after = Lock when untouched for:
lock-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
shift-pack = The service’s texts
pack-none = There are none.
pack-version = Version { $version }.
pack-reviewed = Reviewed by { $by }, { $on }.
pack-unreviewed = Nobody has reviewed them yet.
pack-starter = The replies and cards are the program’s own examples. Have them reviewed by your clinician before you rely on them.
pack-unreviewed-notice = Nobody has reviewed the replies and cards yet. Have them reviewed by your clinician before you rely on them.
pack-problem = The service’s texts could not be read, so the earlier ones stay:
pack-reload = Read them again

## Links

links-hint = Each link opens one consultation, once. Give each to one person only.
links-count = How many
links-channel = Where they go
links-channel-none = not said
links-hours = Good for
hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
links-make = Make links
links-made = { $count ->
    [one] { $count } link is ready.
   *[other] { $count } links are ready.
}
links-once = Opens once, until { $until }.
links-qr = QR code of the link
links-copy = Copy
links-copied = Copied
links-print = Print

## Announcements

announce-hint = All colleagues on duty read this, and those who come later while you are on duty. Nothing about a client belongs here.
announce-text = Announcement
announce = Tell all colleagues
announcement-own = Your announcement
announcement-withdraw = Withdraw

## Lock

locked = The desk is locked
locked-hint = Your consultations go on in the background. Enter the passphrase of your enrolment file.
passphrase = Passphrase
passphrase-wrong = This passphrase does not open the file.
passphrase-wait = { $count ->
    [one] Try again in { $count } second.
   *[other] Try again in { $count } seconds.
}
passphrase-checking = Opening…
unlock = Unlock

## Keys

key-enter = send
key-line = new line
key-consultation = the consultation of this number
key-accept_first = accept who has waited longest
key-waiting = waiting list
key-next_unread = next unread
key-write = write to the client
key-replies = replies
key-cards = cards
key-script = emergency steps
key-more = more: link to come back, mute
key-whispers = colleagues
key-hand_over = hand over
key-end = end
key-shift = shift
key-help = this page
key-lock = lock the desk
key-slash = replies, at the beginning of an empty field
key-escape = close what is open
key-panic = twice within two seconds: wipe everything
keys-layout = The keys are meant by their place: they work in every keyboard layout.

## More from the console

notice-at_capacity = You have as many consultations as you chose. Choose a higher number, or end one, to accept more.
notice-pack_reloaded = The service’s texts were read again.
notice-return_link_limit = You have given three links in this consultation. More cannot be given.
notice-network_gone = The network is gone. The desk connects again by itself; what you write waits.
notice-no_shift = Your enrolment file has no keys for today, so no links can be made. Ask your coordinator.

## A report, for coordinators

report-hint = Choose the time. The report has the service’s totals of all weeks or months that begin in it: in tables, with plots, and as a worker’s report to print.
report-from = From
report-to = To
report-make = Make the report
report-asking = The relay is being asked…
report-made = The report is there. It opens in a new tab, once: print it or save it as PDF there.
report-open = Open the report
notice-report_no_periods = There are no totals of weeks or months that began in this time. They are published within half a day after the end. If they should be there, ask who runs the relay whether it counts.
notice-report_unreachable = The relay does not answer, so there is no report. Check this computer’s connection and try again.
notice-report_refused = The relay did not accept your enrolment, so there is no report. Check this computer’s date and time, and that your enrolment file is still valid.
notice-report_not_counted = The relay does not count. Ask who runs it: it may need the newest version.

## Files from the client

file-offered = { $sort ->
    [photograph] The client would like to send a photograph, { $size }.
    [picture] The client would like to send a picture, { $size }.
    [voice] The client would like to send a voice note, { $size }.
   *[document] The client would like to send a document (PDF), { $size }.
}
file-coming = { $sort ->
    [photograph] The photograph is coming: { $percent } of { $size }.
    [picture] The picture is coming: { $percent } of { $size }.
    [voice] The voice note is coming: { $percent } of { $size }.
   *[document] The document is coming: { $percent } of { $size }.
}
file-here = { $sort ->
    [photograph] Photograph, { $size }. Nothing of it is shown until you look.
    [picture] Picture, { $size }. Nothing of it is shown until you look.
    [voice] Voice note, { $size }. Nothing of it is heard until you listen.
   *[document] Document (PDF), { $size }. Nothing of it is shown until you look.
}
file-refused = { $sort ->
    [photograph] You did not take the photograph.
    [picture] You did not take the picture.
    [voice] You did not take the voice note.
   *[document] You did not take the document.
}
file-withdrawn = { $sort ->
    [photograph] The photograph did not come.
    [picture] The picture did not come.
    [voice] The voice note did not come.
   *[document] The document did not come.
}
file-gone = { $sort ->
    [photograph] The photograph is no longer here: newer files needed its place in memory.
    [picture] The picture is no longer here: newer files needed its place in memory.
    [voice] The voice note is no longer here: newer files needed its place in memory.
   *[document] The document is no longer here: newer files needed its place in memory.
}
file-accept = Let it come
file-refuse = No, thank you
file-stop = Stop
file-look = Look
file-listen = Listen
file-sound = Voice note from the client, { $size }
file-opening = Opening…
file-show = Show
pictures = { $sort ->
    [photograph] Photograph from the client
    [picture] Picture from the client
   *[document] Document from the client
}
pictures-hint = To see a picture in its own size, press it. Nothing of it is kept when you close this.
pictures-some = { $shown ->
    [one] The first of { $pages } pages is shown.
   *[other] The first { $shown } of { $pages } pages are shown.
}
picture-page = Page { $page } of { $pages }
picture-alt = { $sort ->
    [photograph] Photograph sent by the client
    [picture] Picture sent by the client
   *[document] Page { $page } of the document sent by the client
}
picture-own-size = Its own size
picture-failed = This could not be loaded. Close this, and look again.
notice-file_not_shown = This file cannot be shown: it is damaged, or not safe. The client can tell you what is in it.
notice-no_viewer = This computer cannot open files safely, so none is shown. Please tell your coordinator.
