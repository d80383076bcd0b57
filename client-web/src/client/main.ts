// The page that a link opens.

import "./address.ts";
import "../shared/old-browsers.ts";
import { chooseLanguage } from "../shared/text.ts";
import { fragment, putInAddressBar } from "./address.ts";
import { clean } from "./cleaning.ts";
import { createElapsed } from "./clock.ts";
import { EscapePresses } from "./exit.ts";
import { inApp } from "./in-app.ts";
import { record } from "./microphone.ts";
import { Page } from "./page.ts";
import { fetchCard, fetchLeaflets, fetchNodes } from "./service.ts";
import { hush, openSocket, socketUrl } from "./socket.ts";
import { Visit } from "./visit.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no #page");

const page = new Page(root, chooseLanguage(navigator.languages), {
  exit,
  stayInApp: () => visit.stayInApp(),
  pick: (subject) => visit.pick(subject),
  start: () => visit.start(page.language),
  leave: () => visit.leave(),
  tryNow: () => visit.tryNow(),
  read: () => visit.read(page.language),
  say: (text) => visit.say(text),
  chooseFile: (file) => visit.chooseFile(file),
  offerFile: () => visit.offerFile(),
  dropFile: () => visit.dropFile(),
  askVoice: () => visit.askVoice(),
  startVoice: () => visit.startVoice(),
  stopVoice: () => visit.stopVoice(),
  listenVoice: () => visit.listenVoice(),
  dropVoice: () => visit.dropVoice(),
  offerVoice: () => visit.offerVoice(),
  answerHandOver: (agrees) => visit.answerHandOver(agrees),
  choose: (cover) => visit.choose(cover),
  declineEnd: () => visit.declineEnd(),
  askEnd: () => visit.askEnd(),
  cancelEnd: () => visit.cancelEnd(),
  answerSurvey: (survey) => visit.answerSurvey(survey),
  end: () => visit.end(),
});

/** A timer would wait too long: browsers hold those back, of a page out of sight to one in a second. */
const turns = new MessageChannel();
const acts: (() => void)[] = [];
turns.port1.onmessage = () => acts.shift()?.();

/** Not every browser tells it. */
const network = (navigator as { readonly connection?: { readonly saveData?: boolean } }).connection;

const visit = new Visit({
  origin: location.origin,
  inApp: inApp(navigator.userAgent, location.origin + location.pathname + fragment),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  soon: (act) => {
    acts.push(act);
    turns.port2.postMessage(undefined);
  },
  chance: () => Math.random(),
  nowMilliseconds: () => Date.now(),
  elapsedMilliseconds: createElapsed(
    () => performance.now(),
    () => Date.now(),
  ),
  isOnline: () => navigator.onLine,
  savesData: () => network?.saveData === true,
  fetchCard: (authority) => fetchCard(location.origin, authority),
  fetchLeaflets: (authority, language) => fetchLeaflets(location.origin, authority, language),
  clean,
  record,
  fetchNodes: () => fetchNodes(location.origin),
  openSocket: (address, listener) => openSocket(socketUrl(location.origin, address), listener),
  hush,
  putInAddressBar,
  show: (state) => page.show(state),
});

let hasExited = false;

/** Covered first. Whatever goes wrong then, the page is left; and Back leads to what was there before it. */
function exit(): void {
  hasExited = true;
  try {
    page.cover();
    visit.exit();
  } finally {
    location.replace(visit.exitSite);
  }
}

const escapes = new EscapePresses();
addEventListener(
  "keydown",
  ({ key, repeat, timeStamp }) => {
    if (key === "Escape" && !repeat && escapes.press(timeStamp)) exit();
  },
  true,
);

addEventListener("online", () => visit.comeOnline());
addEventListener("offline", () => visit.goOffline());
// A page that was out of sight may have been frozen, and its socket may be dead.
document.addEventListener("visibilitychange", () => visit.wake());
document.addEventListener("resume", () => visit.wake());
addEventListener("pagehide", () => visit.abandon());
// Back from the browser's memory of pages: that visit has forgotten its link, so a new one begins, unless the
// person had reason to be gone.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (hasExited) exit();
  else location.reload();
});
addEventListener("beforeunload", (event) => {
  if (visit.status !== "talking") return;
  event.preventDefault();
  event.returnValue = true; // what older browsers go by
});
// Somebody may paste another link into this tab: a link is read only by a page that starts.
addEventListener("hashchange", () => location.reload());

visit.open(fragment);
