// Every state that the page can show, by name, with made-up words.

import type { Note, Start, State, StateOf } from "./consultation.ts";
import { sampleColleague, sampleEntries, sampleStart, sampleWorker } from "./gallery-sample.ts";

const start: Start = sampleStart;
const fresh: StateOf<"talking"> = {
  status: "talking",
  ...start,
  worker: sampleWorker,
  entries: [],
  line: "joined",
  awayMinutes: 0,
  isFull: false,
  cover: "steady",
  handOver: undefined,
  isEndAsked: false,
};
const talking: StateOf<"talking"> = { ...fresh, entries: sampleEntries };
const noted = (note: Note["note"]): StateOf<"talking"> => ({
  ...talking,
  entries: [...sampleEntries, { id: 100, from: "page", note, worker: sampleColleague }],
});
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
  "talking-new": fresh,
  talking,
  "talking-sparing": { ...talking, cover: "sparing" },
  "talking-offline": { ...talking, line: "offline" },
  "talking-reconnecting": { ...talking, line: "reconnecting" },
  "talking-advisor-away": { ...talking, line: "advisor-away" },
  "talking-advisor-away-long": { ...talking, line: "advisor-away", awayMinutes: 12 },
  "talking-full": { ...talking, line: "offline", isFull: true },
  "hand-over-asked": { ...talking, handOver: { stage: "asked", to: sampleColleague } },
  "hand-over-asked-away": {
    ...talking,
    line: "advisor-away",
    handOver: { stage: "asked", to: sampleColleague },
  },
  "hand-over-going": { ...talking, line: "advisor-away", handOver: { stage: "going", to: sampleColleague } },
  "hand-over-going-offline": {
    ...talking,
    line: "offline",
    handOver: { stage: "going", to: sampleColleague },
  },
  "hand-over-came": { ...noted("came"), worker: sampleColleague },
  "hand-over-withdrawn": noted("withdrawn"),
  "hand-over-did-not-come": noted("did-not-come"),
  "talking-end": { ...talking, isEndAsked: true },
  "ended-wiping": { status: "ended", how: "by-you", isWiped: false },
  "ended-by-you": { status: "ended", how: "by-you", isWiped: true },
  "ended-by-advisor": { status: "ended", how: "by-advisor", isWiped: true },
  "ended-lost": { status: "ended", how: "lost", isWiped: true },
  "ended-broken": { status: "ended", how: "broken", isWiped: true },
  "refused-link-spent": { status: "refused", why: "link-spent", again: undefined },
  "refused-link-open-elsewhere": { status: "refused", why: "link-open-elsewhere", again: start },
  "refused-link-refused": { status: "refused", why: "link-refused", again: undefined },
  "refused-crowded": { status: "refused", why: "crowded", again: start },
  "refused-broken": { status: "refused", why: "broken", again: start },
  "refused-advisor-unproven": { status: "refused", why: "advisor-unproven", again: undefined },
};
