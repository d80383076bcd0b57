// The page that a link opens.

import "./address.ts";
import "../shared/old-browsers.ts";
import { chooseLanguage } from "../shared/text.ts";
import { fragment } from "./address.ts";
import { Connection, clientSocketUrl } from "./connection.ts";
import { Page } from "./page.ts";
import { fetchCard } from "./service.ts";
import { Visit } from "./visit.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no #page");

const page = new Page(root, chooseLanguage(navigator.languages), {
  pick: (subject) => visit.pick(subject),
  start: () => visit.start(page.language),
  leave: () => visit.leave(),
  tryNow: () => visit.tryNow(),
  say: (text) => visit.say(text),
  askEnd: () => visit.askEnd(),
  cancelEnd: () => visit.cancelEnd(),
  end: () => visit.end(),
});

const visit = new Visit({
  origin: location.origin,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  nowMilliseconds: () => Date.now(),
  fetchCard: (authority) => fetchCard(location.origin, authority),
  connect: (listener) => new Connection(clientSocketUrl(location.origin), listener),
  show: (state) => page.show(state),
});

addEventListener("online", () => visit.comeOnline());
addEventListener("pagehide", () => visit.abandon());
// Back from the browser's memory of pages: that visit has forgotten its link, so a new one begins.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
addEventListener("beforeunload", (event) => {
  if (visit.status !== "talking") return;
  event.preventDefault();
  event.returnValue = true; // what older browsers go by
});
// Somebody may paste another link into this tab: a link is read only by a page that starts.
addEventListener("hashchange", () => location.reload());

visit.open(fragment);
