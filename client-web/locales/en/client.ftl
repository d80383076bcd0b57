# The page that a link opens. Plain words, short sentences, no blame.

## Everywhere

page-title = Notes
language-label = Language
language-late = { $language }: the words have not arrived yet. The page keeps trying.
exit = Quick exit
try-now = Try now
try-again = Try again
leave = Leave
copy = Copy
copied = Copied
copy-selected = Selected. Copy it with your device's own menu.

## Danger: shown before anybody answers

emergency-title = In danger now? Do not wait for an answer here.
danger-title = Is somebody in danger now?
danger-overdose = What to do in an overdose
danger-first = If it is happening now, do this first. You can write afterwards.
danger-signs = It may be an overdose if somebody cannot be woken, breathes slowly or not at all, or has blue or grey lips.
danger-call = Call an ambulance. From a mobile phone, 112 works in many countries.
danger-naloxone = Give naloxone, if there is some.
danger-breathe = If the person does not breathe: rescue breaths and chest compressions, as well as you can. The operator will guide you.
danger-side = If the person breathes: lay them on their side, with the head tilted back.
danger-stay = Stay until help comes.

## Before the welcome

checking-title = One moment
checking-text = The page is checking the link.

no-link-title = A place to talk, without a name
no-link-about = Here people who use drugs, and people close to them, can talk with an advisor: about safety, health, feelings, the law.
no-link-private = You need no name, no account and no phone number. What you write is encrypted on your device, and only the advisor can read it.
no-link-how = To begin, open a one-time link. The service that helps you gives it out: in a chat, on a site or on paper.
no-link-reloaded = Did you have a link, and reload the page? Open the link again from where you got it. It works until an advisor has answered.

paste-title = Open your link
paste-about = Paste the link that the service gave you, the whole of it. Until you press the button, this page sends nothing.
paste-label = Your link
paste-open = Open the link
paste-empty = Nothing is in the field yet.
paste-not-a-link = This is not a link of such a service. A link begins with https:// and has a # with many letters and digits behind it. Nothing was sent.
paste-unencrypted = This address begins with http://, so the way to it is not encrypted. Only addresses with https:// and .onion addresses are opened here. Nothing was sent.

link-damaged-title = The link is not whole
link-damaged-text = A part of it was lost or changed when it was copied. Nothing was sent.
link-damaged-next = Go back to where you got it and copy the whole link, to the very last letter.

link-unsupported-title = This page does not know this kind of link
link-unsupported-text = The link may be newer than the page. Nothing was sent.
link-unsupported-next = Ask for another link where you got this one.

link-expired-title = This link has expired
link-expired-text = For your safety, a link works only for a limited time. Nothing was sent.
link-expired-next = Ask for a new one where you got it. If the date on your device is wrong, correct it and open the link again.

service-unknown-title = This site does not know the service
service-unknown-text = The link belongs to a service that this site does not serve. Nothing was sent.
service-unknown-next = Compare the address with the one that you were given, or ask for a new link.

service-unproven-title = Better not to go on here
service-unproven-text = What this site says about the service is not signed by the service of your link. Somebody may have changed it.
service-unproven-sent = You have not written anything, and the link was not used up.
service-unproven-next = If you can, tell the service about it in another way, and ask for a new link.

unreachable-title = No connection to the service
unreachable-text = The page goes on trying by itself. Your link is not used up.
unreachable-hint = Please check your internet. Where sites are blocked, Tor Browser may help.
unreachable-apart = This page does not come from the service's own site. If nothing changes, the service may not accept this page: ask for another link where you got this one.

clock-wrong-title = The two clocks do not agree
clock-wrong-text = To check who answers you, this page needs the right time. The clock on your device and the clock of this site differ by more than an hour.
clock-device = Your device
clock-service = This site
clock-wrong-next = If it is your device that is wrong, set its date, time and time zone, then try again. Your link is not used up.

## In the browser of another app

in-app-title = Better in a browser of your own
in-app-in = This page is open inside { $app }. The app can read what is here, and what you would write. In a browser of your own it cannot.
in-app-other = another app
in-app-unspent = Your link is not used up.
in-app-menu = Press the three dots (⋮ or ⋯) or the compass at the edge of the screen, and choose “Open in browser”.
in-app-paste = Or copy the link, and paste it into the address line of Safari, Chrome, Firefox or Tor Browser.
in-app-link = Your link
in-app-stay-title = I cannot, or I want to stay here
in-app-reads = The app can read what you and the advisor write.
in-app-keeps = It may keep the address and the time.
in-app-closes = If you look at another chat, this page may close, and the conversation is lost.
in-app-stay = I understand. Go on here

## Welcome

welcome-door = This is the service's open address, not a one-time link. Anybody can open it, as often as they like. People with a one-time link are answered first.
welcome-who = A person of this service will answer you. Before you write, you see the name they use here and what they do.
welcome-can-title = What you can count on
welcome-can-name = Nobody here needs your name, an account or a phone number.
welcome-can-encrypted = What you write is encrypted on your device. Only the advisor can read it. This site cannot.
welcome-can-wiped = When the conversation ends, it is wiped from this page. The site keeps no copy.
welcome-can-exit = “Quick exit”, or the Escape key three times, wipes everything here at once and opens a harmless site. The advisor sees only that the connection was lost.
welcome-cannot-title = What this page cannot do
welcome-cannot-rescue = It is no emergency service. Nobody here can find out where you are and send help.
welcome-cannot-screen = It does not protect you from somebody who looks at your screen, or from a device that is being watched.
welcome-cannot-memory = It cannot make the advisor forget. A person reads what you write, and may remember it.
welcome-cannot-history = It cannot clean up after you: your browser's history may show that this site was opened. You can delete that in the browser.

subject-legend = What is it about?
subject-note = This helps the right person to answer. Only the service's advisors see it.
subject-overdose = Overdose or danger now
subject-saferUse = Safer use
subject-health = Wounds and health
subject-infections = HIV, hepatitis, tests
subject-treatment = Treatment
subject-feelings = How I feel
subject-law = Law and police
subject-somebodyClose = Somebody close to me
subject-other = Something else
subject-notSaid = I would rather not say

start = Start
start-note = The link is used up only when an advisor answers. You can leave at any time.
start-note-door = You can leave at any time, and come back by the same address.

## Leaflets, before anybody answers

reading-title = Something to read
reading-title-waiting = Read while you wait
reading-fetching = One moment…
reading-none = There is nothing to read in this language yet.
reading-unreachable = It did not arrive.
reading-unproven = What this site offers to read is not signed by the service. So the page does not show it.

## Waiting

waiting-title = Waiting for an advisor
waiting-unknown = Connecting to the service…
waiting-now = An advisor is there. It should not take long.
waiting-soon = The advisors are busy. It may take some minutes.
waiting-long = Many people are waiting now. It may take long.
waiting-nobody = Nobody is on duty now. The service answers at these times:
waiting-held = You are in line. New conversations cannot begin just now. As soon as they can, the page goes on by itself. Your link is not used up.
waiting-lost = The connection was lost. The page is trying again by itself. Your link is not used up.
waiting-offline = Your device has no network. The page goes on by itself when the network is back. Your link is not used up.
waiting-puzzle = Many people are coming now. Your device is doing a sum first, so that nobody can block the place for everybody else. It may take a minute.
waiting-keep-open = Keep this page open. If you close or reload it, open the link again from where you got it.

securing-title = An advisor is here
securing-text = The page is checking that they belong to the service, and agrees with them on a secret key. This takes some seconds.

## The conversation

role-outreach = Outreach worker
role-peer = Peer advisor
role-doctor = Doctor
role-psychologist = Psychologist
role-lawyer = Lawyer
role-coordinator = Coordinator
talking-role = { $role }. Confirmed by the service.
talking-first = You can write now. You do not have to say who or where you are.
line-joined = Connected
line-offline = No network. What you write stays here and is sent when the network is back.
line-reconnecting = Connecting again…
line-advisor-away = { $alias } is reconnecting. What you write is sent when they are back.
line-away-for =
    { $minutes ->
        [one] { $alias } has been away for { $minutes } minute.
       *[other] { $alias } has been away for { $minutes } minutes.
    }
line-away-choice = You can wait or end. To talk with somebody else, ask for a new link.
cover-title = Connection
cover-steady = Hide when I write
cover-steady-about = The page sends at an even pace. About 4 MB an hour.
cover-sparing = Save data
cover-sparing-about = Somebody who watches the line can see when you write, though not what.
safety-title = Safety words
safety-about = If you can speak with your advisor in another way, face to face or by phone, read these words to each other. If theirs are different, somebody is standing between you: write nothing more here.
hand-over-title = Another advisor
hand-over-ask = { $alias } proposes that { $next } ({ $role }) goes on with you. The service confirms who that is.
hand-over-knows = { $next } does not see what was said so far. { $alias } may tell them what it is about. You decide.
hand-over-go = Go on with { $next }
hand-over-stay = Stay with { $alias }
hand-over-going = Going over to { $next }…
note-came = Now with you: { $next } ({ $role }). Confirmed by the service.
note-withdrawn = { $next } cannot come after all. { $alias } stays with you.
note-did-not-come = { $next } did not come. You are back with { $alias }.
messages-label = Conversation
composer-label = Your message
composer-full = Much is still on its way. Wait until it is delivered.
composer-loses = If you reload or close this page, this conversation is lost.
send = Send
file-choose = Send a photo or a PDF
file-photo = Photo, { $size }
file-pdf = PDF, { $size }
file-cleaning = One moment
file-cleaning-about = The page looks for what the file says about you and your device. Nothing has been sent.
file-problem = This file was not sent
file-removed = Taken out of it, here on your device:
file-removed-place = the place where it was taken
file-removed-camera = the camera or phone, and its settings
file-removed-time = dates and times
file-removed-author = names, and the programs that were used
file-removed-thumbnail = smaller copies of the picture
file-removed-description = captions and comments
file-removed-attachments = files inside the file
file-removed-scripts = links, forms and programs
file-removed-history = earlier versions
file-removed-video = a short film
file-removed-animation = further pictures
file-removed-profile = the colour profile, which can name the device
file-removed-trailing = hidden data around it
file-removed-other = other hidden data
file-removed-nothing = Nothing hidden was found in it.
file-stays = What can be seen in it stays: faces, rooms, street signs, names.
file-shows = Somebody who watches the line can see that something large is sent, though not what.
file-send = Send it
file-drop = Do not send
file-understood = I understand
file-stop = Do not send
file-progress = How much has arrived
file-offered = { $alias } is asked whether it may come.
file-moving = Sending: { $percent } %
file-received = Delivered
file-refused = { $alias } cannot take it now.
file-withdrawn = Not sent
file-problem-unknown_kind = The page can clean photos (JPEG, PNG, WebP) and PDFs, and nothing else.
file-problem-heic = Photos of this kind (HEIC, AVIF) cannot be cleaned here. Take a screenshot of it, or save it as JPEG, and send that.
file-problem-animated = It is a moving picture. Take a screenshot of it, and send that.
file-problem-video = It is a film. Only photos and PDFs can be sent.
file-problem-damaged = It is damaged, so the page cannot tell what is hidden in it.
file-problem-protected = It is locked with a password, so the page cannot look inside.
file-problem-too_large = It is too large. At most 10 MB can be sent; take a screenshot of it, or fewer pages.
file-problem-unsupported = This browser, or this page, cannot clean it. Take a screenshot of it, and send that.
file-problem-script_missing = The part of the page that cleans files did not arrive. Choose the file again.
file-problem-unreadable = Your device did not let the page read it.
voice-choose = Record your voice
voice-title = Voice message
voice-about = The advisor hears your voice. Somebody who knows you can recognise it. It is deleted together with the conversation.
voice-about-ask = At most { $time }. Nothing is sent before you say so.
voice-start = Record
voice-not-now = Not now
voice-starting = Waiting for the microphone. If the browser asks, allow it.
voice-records = The microphone is on. You can speak now.
voice-recording = Recording: { $time } of { $most }
voice-stop = Stop
voice-recorded = Recorded: { $time }
voice-kept = The microphone is off. Nothing has been sent yet.
voice-full = The minute is over, so the recording has stopped. Nothing has been sent yet.
voice-listen = Listen
voice-hush = Stop
voice-send = Send it
voice-delete = Delete
voice-go-on = Go on in writing
voice-problem-refused = The browser did not let the page use the microphone. You can allow it in the browser's settings for this page, or go on in writing.
voice-problem-no_microphone = No microphone was found. You can go on in writing.
voice-problem-silent = Nothing was heard. Perhaps the microphone is switched off.
voice-problem-script_missing = The part of the page that records did not arrive. You can try again.
file-voice = Voice message, { $time }
from-you = You:
from-advisor = { $alias }:
underway-joined = On its way
underway-offline = Waiting for the network
underway-reconnecting = Waiting for the network
underway-advisor-away = Not delivered yet
delivered = Delivered
card-checklist = Checklist
card-leaflet = To read
card-referral = Where to go
return-link-title = A link to come back
return-link-about = With it you can come to this service once more. Copy it now: when the conversation ends, it is wiped here.
return-link-until = Keep it where only you find it. It works until { $time }.
return-link-copy = Copy the link
text-left =
    { $count ->
        [one] { $count } character left
       *[other] { $count } characters left
    }
text-too-long =
    { $count ->
        [one] Too long by { $count } character. Please send it in parts.
       *[other] Too long by { $count } characters. Please send it in parts.
    }
end = End
end-ask = End the conversation? It will be wiped from this page and cannot be brought back.
end-confirm = End and wipe
end-cancel = Go on talking
end-proposed = { $alias } suggests ending here. The conversation will be wiped from this page and cannot be brought back.
end-link = The link to come back is wiped too.
end-not-yet = Not yet
survey-helped = Did this help you?
survey-respected = Were you treated with respect?
survey-would_return = Would you come again?
survey-yes = Yes
survey-partly = Partly
survey-perhaps = Perhaps
survey-no = No
survey-about = You need not answer. Your advisor does not see it, and only sums are kept.
survey-thanks = Thank you.

## After the end

ended-by-you-title = The conversation has ended
ended-by-you-text = You have ended it.
ended-by-advisor-title = The conversation has ended
ended-by-advisor-text = The advisor has ended it.
ended-lost-title = The connection was lost
ended-lost-text = For half an hour nothing was heard from the advisor, so the conversation is over. The last messages may not have arrived.
ended-broken-title = The conversation was stopped, to be safe
ended-broken-text = Something arrived that the advisor cannot have sent like this. The page has trusted none of it.
ended-wiping = What you wrote and read here is out of sight. For some seconds the page still tries to tell the advisor that the conversation has ended, then it is wiped. You can close the page at any time.
ended-wiped = What you wrote and read here was wiped from this page. The site has kept no copy.
ended-again = To talk again, ask for a new link where you got this one.
ended-again-door = To talk again, open the same address once more.
ended-history = Your browser's history may show that this site was opened, and the link, which no longer works; not what was said. You can delete that in the browser.
ended-history-door = Your browser's history may show that this site was opened, and the service's open address; not what was said. You can delete that in the browser.

## When the link does not lead to a conversation

refused-link-spent-title = This link has been used
refused-link-spent-text = A link works once, and an advisor has already answered it. If that was not you, somebody else had the link.
refused-link-spent-next = Ask for a new one where you got it.
refused-link-open-elsewhere-title = This link is open in other places
refused-link-open-elsewhere-text = Close it in your other tabs and on your other devices, wait a minute and try again.
refused-link-open-elsewhere-next = If you have opened it only here, somebody else has it too. Then better ask for a new one.
refused-link-refused-title = The service does not accept this link
refused-link-refused-text = The link looks whole, but no advisor can open it. You have not written anything.
refused-link-refused-next = Ask for a new one where you got it.
refused-crowded-title = Too many people at once
refused-crowded-text = The site cannot take anybody in at this moment. Your link is not used up.
refused-crowded-door = People with a one-time link go first.
refused-crowded-next = Try again in a few minutes.
refused-broken-title = Something does not work here
refused-broken-text = The site answered in a way that the page does not understand. You have not written anything.
refused-broken-next = Try again. If it stays like this, ask for a new link where you got this one.
refused-advisor-unproven-title = We stopped, to be safe
refused-advisor-unproven-text = Whoever answered could not prove that they belong to the service. Somebody may be pretending to. You have not written anything yet. At most, they saw the subject that you chose.
refused-advisor-unproven-next = Do not open this link again. If you can, tell the service about it in another way, and ask for a new link.
