## Reasons, in brackets inside other sentences

reason-not-found = there is no such file or folder
reason-not-allowed = permission is missing
reason-disk-full = the disk is full
reason-read-only = the disk cannot be written to
reason-is-folder = it is a folder
reason-not-folder = a part of the path is not a folder
reason-other = the system says: { $kind }

## Passphrases

passphrase-of = Passphrase of { $file }:
passphrase-for-service = Choose a passphrase for the service's keys:
passphrase-for-worker = Choose a passphrase for { $alias }'s file:
passphrase-again = The same passphrase once more:
passphrase-too-short = The passphrase is too short: choose at least { $minimum } characters, better five words that have nothing to do with each other. Nothing was written.
passphrase-differs = The two passphrases differ: nothing was written, please try again.
passphrase-empty = No passphrase was typed: please try again.
passphrase-no-terminal = The passphrase cannot be asked for, because there is no terminal here: start the program in a terminal window, or name a file with --passphrase-file (for “worker enrol” and “worker renew”: --service-passphrase-file and --worker-passphrase-file).
passphrase-file-unreadable = The passphrase file { $file } cannot be read: check its name and that it is a small text file.
passphrase-file-empty = The passphrase file { $file } is empty: write the passphrase into it.

## Files

key-file-unreadable = The file { $file } cannot be read ({ $reason }): check its name and where it lies.
key-file-foreign = The file { $file } is not a file of this program, or only the beginning of one: check that you chose the right file.
key-file-wrong-passphrase = The file { $file } does not open: the passphrase is wrong. Nothing was changed; please try again.
key-file-damaged = The file { $file } is damaged: take your copy of it, or ask your coordinator for a new one.
key-file-is-service = The file { $file } is a service file (made with “vestibule service new”), but a worker's file (made with “vestibule worker enrol”) is needed here.
key-file-is-worker = The file { $file } is a worker's file (made with “vestibule worker enrol”), but a service file (made with “vestibule service new”) is needed here.
key-file-newer = The file { $file } was made by a newer version of this program: please install the newest version.
service-file-changed = The file { $file } was changed while this command ran: nothing was written, please try again.
file-exists = The file { $file } exists already and was left as it is: choose another name.
file-not-written = The file { $file } could not be written ({ $reason }): nothing was changed. Check the folder and the space on the disk.
folder-not-made = The folder { $folder } cannot be made ({ $reason }): choose another.

## The service

relay-address-unusable = “{ $text }” is not the address of a relay: write it in small letters and without a path, for example https://relay.example.
relay-address-unencrypted = “{ $text }” is not encrypted: an address must begin with https://, except for .onion addresses and this computer itself.
relays-wrong-number = Name the relay's addresses with --relay, each once, at most { $maximum }.
relays-all-onion = All these addresses are .onion addresses, which workers' programs cannot reach: name one more address of the relay with --relay.
card-unusable = The name and each of the card's texts need 1 to 1,000 characters, and the whole card may take 16 KB: please shorten or fill them (--name, card.toml and the hours in pack.toml).
service-made = The service “{ $name }” was made. Keep { $keys } offline, with a copy in a second place: without it, or without its passphrase, nobody can be enrolled. The relay's operator needs { $card } and these lines for relay.toml:
page-is = New links and doors will begin with { $address }. Workers' own links will once their file is renewed.

## Workers

alias-unusable = The alias “{ $alias }” cannot be used: it takes 1 to { $maximum } bytes (12 letters in Russian, Ukrainian or Arabic) without spaces at its ends or invisible characters.
role-unknown = “{ $text }” is not a role: choose outreach, peer, doctor, psychologist, lawyer or coordinator.
languages-unknown = “{ $text }” are not languages: choose from { $known }, with commas between, for example ru,uk.
days-wrong = An enrolment takes 1 to { $maximum } days: make another file for the time after.
day-unreadable = “{ $text }” is not a day: write year, month and day, for example 2026-11-23.
first-day-over = These days are over already: choose a later --from.
first-day-too-far = This day is more than a year ahead: choose an earlier --from.
worker-enrolled = { $alias } is enrolled until { $moment }. Hand over { $file } and its passphrase by different ways; then delete this copy.
enrolment-not-begun = This enrolment begins only at { $moment }: try again then, and check this computer's clock.
enrolment-over = This enrolment ended at { $moment }: ask your coordinator for a new file. If that moment is still to come, set this computer's date and time.

alias-enrolled = { $alias } is enrolled already: make the next file with “worker renew”, or send them off first with “worker revoke”.
alias-not-enrolled = Nobody of the alias “{ $alias }” is enrolled now: “worker roster” shows who is.
roster-full = The roster holds { $maximum } enrolments, and no more: send off those that are not needed, or wait until some are over.
roster-empty = Nobody is enrolled now.
roster-line = { $alias }: { $role }, { $languages }, from { $day } until { $moment } ({ $state })
roster-holds = enrolled
roster-old-keys = enrolled, but cannot answer links of the newest keys: renew soon
roster-refused = enrolled, but the keys are refused: renew before the next shift
roster-revoked = sent off

## Revocations

worker-revoked = { $alias } is sent off: { $count ->
    [1] 1 day's key is refused from now on.
   *[other] { $count } days' keys are refused from now on.
}
links-refused = Links that were made before now are refused. Doors stay open.
renew-soon = The keys for links have changed. Renew these workers soon, so that they can answer the links of those who have a new file: { $aliases }
renew-before-duty = The keys for links have changed, and the old ones are refused. Until they are renewed, these workers can answer nobody but doors: { $aliases }
revocations-written = The operator needs { $file } too, so that a restarted relay knows.
revocations-too-many = A list holds at most { $maximum } revoked keys: wait until some of those who were sent off would have been over anyway.
generations-used-up = The keys for links cannot be changed any more: make a new service.
relay-knows = { $relay } knows and refuses them from now on.
relay-is-onion = { $relay } cannot be told by this program, which does not speak Tor: it learns with another address of the same relay, or from the file.
relay-not-reached = { $relay } could not be reached.
relay-refused = { $relay } did not take the list: does it serve this service, and is this computer's clock right?
relays-to-be-told = Not every relay knows yet: give the operator revocations.bin, or run the command again when there is a network. Workers' programs pass it on as well when they learn of it.

## Doors

door-days-wrong = A door holds 1 to { $maximum } days: choose another --days.
doors-too-many = There are { $maximum } doors already, shut ones included: wait until one is over.
door-unknown = There is no open door { $number }: “door list” shows which there are.
door-made = Door { $number } is open to everybody who has this address, until { $moment }.
door-line = Door { $number } ({ $channel }), until { $moment }: { $state }
door-open = open
door-shut = shut
door-revoked = Door { $number } is shut.
doors-none = There are no doors.

## Links

duration-unreadable = “{ $text }” is not a length of time: write a number and d, h or m, for example 3d, 12h or 45m.
channel-unknown = “{ $text }” is not a channel: choose messenger, forum, social, site, bot or card, or leave --channel out.
count-wrong = At most { $maximum } links are made at once, and at least one: choose another --count.
relay-not-yours = This address is not one of your service's: choose from { $known }.
qr-too-long = This link is too long for a QR code: ask for it without --qr.
links-hold = { $count ->
    [1] The link can be used once, until { $moment }.
   *[other] Each of the { $count } links can be used once, until { $moment }.
}
links-hold-longest = { $count ->
    [1] The link can be used once, until { $moment }, the longest possible.
   *[other] Each of the { $count } links can be used once, until { $moment }, the longest possible.
}

sheet-written = The page { $file } is ready to be printed from a browser. Every code on it is a secret: delete the file after printing.
sheet-title = One-time links
sheet-title-door = Door
sheet-secret = Every code on this page is a secret: whoever has it can use it. Delete this file after printing, and empty the wastebasket.
sheet-public = This address may be published. It is the same on every card.
sheet-once = Opens once, without a name.
sheet-door = Talk without giving a name.
sheet-until = Holds until { $moment }.

## The desk

page-missing = The folder { $folder } holds no desk page (no index.html, or far too much beside it): name the right folder with --page, or install the program again.
tasks-not-started = The program could not start its tasks ({ $reason }): close other programs and try again.
ctrl-c-not-ready = The program could not prepare for Ctrl-C ({ $reason }): restart the computer and try again.
desk-page-not-served = The desk page cannot be served on this computer ({ $reason }): restart the computer and try again.
desk-keep-open = Keep this window open while you work; Ctrl-C ends every consultation.
desk-closing = The desk is closing: running consultations are told goodbye.
totals-unreadable = The totals that waited in { $file } cannot be read: the desk starts without them. The file stays until there are new totals to keep in its place.
browser-not-opened = The browser could not be opened: copy the address above into it yourself.
clock-wrong = This computer's clock says { $here }, the relay's says { $relay }: set this computer's date and time, then go on duty again.

## Content packs

pack-problem = The pack was not taken. { $file }, line { $line }: { $reason }
pack-toml = this is not understood ({ $detail }).
pack-character = the character { $character } may not stand in a text: it is not seen, or it turns the direction of the words around it.
pack-empty = this text is empty.
pack-too-long = this text takes { $length } bytes, at most { $maximum } are possible (a Latin letter takes 1, a Cyrillic or Arabic one 2).
pack-too-many-characters = this text has { $length } characters, at most { $maximum } are possible.
pack-id = “{ $text }” cannot be a name: write 1 to { $maximum } small Latin letters, digits, - or _.
pack-markup = only “## ” before a heading and “- ” before an item of a list mean something here: anything else would be shown as it stands.
pack-kind = this is not a kind of card: write checklist, leaflet or referral.
pack-topic = this is not a topic: choose from { $known }.
pack-no-front = the file must begin with a line “+++”, then title and so on, then a second line “+++”, then the text.
pack-day = this is not a day: write year, month and day, for example 2026-11-23.
pack-choice = “{ $text }” is not one of the known names, or is there twice: choose from { $known }.
pack-exit = “{ $text }” cannot be the site of the quick exit: write https:// and its name in small Latin letters, then perhaps a path, without spaces.
pack-placeholder = “{ $text }” is not a placeholder: { $known } are. Write round brackets if you mean brackets.
pack-file-name = a file in this folder has a name that cannot be read: rename it.
pack-file-unknown = no part of a pack is read from here: is the name misspelt? Otherwise take the file away.
pack-file-missing = this file is missing.
pack-file-too-large = the file is too large: at most { $maximum } KB.
pack-unreadable = this cannot be read ({ $reason }).
pack-not-utf8 = the text is not written in UTF-8: save it again with that encoding.
pack-too-many = there are too many of this kind: at most { $maximum }.
pack-leaflets-too-large = all checklists and leaflets of this language together take { $length } bytes, at most { $maximum } are possible: shorten some or take some away.
pack-label-table = a service cannot add labels to this table: choose from { $known }.
pack-number = write a whole number from 1 to { $maximum } here.
pack-number-twice = this number is given twice: each label and each card has one of its own.
pack-twice = this name is there twice.
pack-languages-differ = kind, topic, indicator or “emergency” differ from those of the same name in another language.
pack-hint-review = Nobody is named in pack.toml as having reviewed the texts: have them reviewed by your clinician, then fill in reviewed_by and reviewed_on.
pack-hint-missing = Missing in { $place }: { $id }
pack-made = The starter pack lies in { $folder }. Read its README.md, change what is different where you are, and have it reviewed by your clinician.
pack-right = The pack “{ $version }” can be used.
pack-signed = The card and the leaflets of “{ $version }” are signed. The relay's operator needs these lines in relay.toml:

## Reports

report-days-wrong = The last day must not be before the first, and a report covers at most 2,000 days: choose other days for --from and --to.
report-not-coordinator = This enrolment is not a coordinator's: only a worker whose role is coordinator can read the service's totals. Ask who runs the service.
report-unreachable = The relay does not answer: check this computer's connection and try again.
report-not-a-relay = The address answers, but not as a relay that counts: check the address with the relay's operator, who may have to install the newest version.
report-refused = The relay did not accept this enrolment: check that it is still valid and that the relay serves your organisation.
report-clock-wrong = This computer's clock and the relay's differ by more than an hour: set the date and time, then try again.
report-no-periods = There are no totals of periods that began in this time. A period is published within half a day after its end. If it should be there, ask the relay's operator whether the relay counts at all.
report-period-not-dhis2 = The period that began on { $day } is neither a week nor a month: DHIS2 has no name for it. Choose another time or another format.
report-written = The report is in { $file }. Whoever has it can read the service's totals.
dhis2-map-unreadable = The file { $file } cannot be read ({ $reason }): check its name, and that it is a small text file.
dhis2-map-wrong = The file { $file } cannot be used, because of this part: { $wrong }. See docs/indicators.md.
