// Every state that the page can show, by name, with made-up words.

import type { Start, State } from "./consultation.ts";
import { sampleMessages, sampleStart } from "./gallery-sample.ts";

const start: Start = sampleStart;
const talking: State = {
  status: "talking",
  ...start,
  worker: { alias: "Марина", role: "doctor" },
  messages: [],
  isEndAsked: false,
};
const relayTime = new Date(Date.UTC(2026, 10, 23, 20, 23, 0));
const deviceTime = new Date(Date.UTC(2026, 10, 22, 5, 40, 0));

export const gallery: Readonly<Record<string, State>> = {
  checking: { status: "checking" },
  "no-link": { status: "no-link" },
  "link-damaged": { status: "link-damaged" },
  "link-unsupported": { status: "link-unsupported" },
  "link-expired": { status: "link-expired" },
  "service-unknown": { status: "service-unknown" },
  "service-unproven": { status: "service-unproven" },
  unreachable: { status: "unreachable" },
  welcome: { status: "welcome", ...start },
  "welcome-overdose": { status: "welcome", ...start, subject: "overdose" },
  "clock-wrong": { status: "clock-wrong", relayTime, deviceTime, ...start },
  "waiting-unknown": { status: "waiting", wait: "unknown", isConnected: true, ...start },
  "waiting-now": { status: "waiting", wait: "now", isConnected: true, ...start },
  "waiting-soon": { status: "waiting", wait: "soon", isConnected: true, ...start },
  "waiting-long": { status: "waiting", wait: "long", isConnected: true, ...start },
  "waiting-nobody": { status: "waiting", wait: "nobody", isConnected: true, ...start },
  "waiting-lost": { status: "waiting", wait: "unknown", isConnected: false, ...start },
  securing: { status: "securing", ...start },
  "talking-new": talking,
  talking: { ...talking, messages: sampleMessages },
  "talking-end": { ...talking, messages: sampleMessages, isEndAsked: true },
  "ended-by-you": { status: "ended", how: "by-you" },
  "ended-by-advisor": { status: "ended", how: "by-advisor" },
  "ended-lost": { status: "ended", how: "lost" },
  "ended-broken": { status: "ended", how: "broken" },
  "refused-link-spent": { status: "refused", why: "link-spent", again: undefined },
  "refused-link-open-elsewhere": { status: "refused", why: "link-open-elsewhere", again: start },
  "refused-link-refused": { status: "refused", why: "link-refused", again: undefined },
  "refused-crowded": { status: "refused", why: "crowded", again: start },
  "refused-broken": { status: "refused", why: "broken", again: start },
  "refused-advisor-unproven": { status: "refused", why: "advisor-unproven", again: undefined },
};
