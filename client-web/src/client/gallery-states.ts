// Every state that the page can show, by name, with made-up words.

import { SUBJECT } from "../protocol/triage.ts";
import type { AdvisorMessage, Note, OwnFile, Start, State, StateOf } from "./consultation.ts";
import { sampleCard, sampleLeaflets, sampleReturnLink } from "./gallery-cards.ts";
import { sampleColleague, sampleEntries, sampleStart, sampleWorker } from "./gallery-sample.ts";

const start: Start = sampleStart;
const fresh: StateOf<"talking"> = {
  status: "talking",
  ...start,
  worker: sampleWorker,
  safetyPhrase: [19, 46, 5, 62, 33, 10, 54, 40],
  entries: [],
  line: "joined",
  awayMinutes: 0,
  isFull: false,
  cover: "steady",
  handOver: undefined,
  file: undefined,
  canRecord: true,
  voice: undefined,
  isEndProposed: false,
  isEndAsked: false,
  answered: 0,
};
const talking: StateOf<"talking"> = { ...fresh, entries: sampleEntries };
const noted = (note: Note["note"]): StateOf<"talking"> => ({
  ...talking,
  entries: [...sampleEntries, { id: 100, from: "page", note, worker: sampleColleague }],
});
const advised = (...said: readonly AdvisorMessage[]): StateOf<"talking"> => ({
  ...talking,
  // Few, so that a picture shows the last of them.
  entries: [...sampleEntries.slice(0, 1), ...said],
});
const { alias } = sampleWorker;
const card: AdvisorMessage = { id: 101, from: "advisor", alias, kind: "card", card: sampleCard };
const link: AdvisorMessage = { id: 102, from: "advisor", alias, kind: "return-link", link: sampleReturnLink };
const filed = (stage: OwnFile["stage"], percent = 0): StateOf<"talking"> => ({
  ...talking,
  entries: [
    ...sampleEntries.slice(0, 1),
    { id: 103, from: "your-file", kind: "jpeg", size: 2_345_678, stage, percent },
  ],
});
const door: Start = { ...start, isDoor: true };
const readable = (stage: "fetching" | "none" | "unreachable" | "unproven"): State => ({
  status: "waiting",
  wait: "long",
  ...start,
  reading: { language: "en", stage },
});
const relayTime = new Date(Date.UTC(2026, 10, 23, 20, 23, 0));
const deviceTime = new Date(Date.UTC(2026, 10, 22, 5, 40, 0));

export const gallery: Readonly<Record<string, State>> = {
  checking: { status: "checking" },
  "no-link": { status: "no-link" },
  paste: { status: "paste", problem: undefined },
  "paste-empty": { status: "paste", problem: "paste-empty" },
  "paste-not-a-link": { status: "paste", problem: "paste-not-a-link" },
  "paste-unencrypted": { status: "paste", problem: "paste-unencrypted" },
  "paste-damaged": { status: "paste", problem: "link-damaged" },
  "link-damaged": { status: "link-damaged" },
  "link-unsupported": { status: "link-unsupported" },
  "link-expired": { status: "link-expired" },
  "service-unknown": { status: "service-unknown" },
  "service-unproven": { status: "service-unproven" },
  unreachable: { status: "unreachable", isApart: false },
  "unreachable-apart": { status: "unreachable", isApart: true },
  "in-app": { status: "in-app", app: "Telegram", address: sampleReturnLink.address },
  "in-app-unnamed": { status: "in-app", app: undefined, address: sampleReturnLink.address },
  welcome: { status: "welcome", ...start },
  "welcome-overdose": { status: "welcome", ...start, subject: "overdose" },
  "welcome-door": { status: "welcome", ...door },
  "welcome-subjects": {
    status: "welcome",
    ...start,
    card: { ...start.card, subjects: [SUBJECT.treatment, SUBJECT.law, SUBJECT.overdose] },
  },
  "clock-wrong": { status: "clock-wrong", relayTime, deviceTime, ...start },
  "waiting-unknown": { status: "waiting", wait: "unknown", ...start },
  "waiting-now": { status: "waiting", wait: "now", ...start },
  "waiting-soon": { status: "waiting", wait: "soon", ...start },
  "waiting-long": { status: "waiting", wait: "long", ...start },
  "waiting-held": { status: "waiting", wait: "held", ...start },
  "waiting-nobody": { status: "waiting", wait: "nobody", ...start },
  "waiting-lost": { status: "waiting", wait: "lost", ...start },
  "waiting-offline": { status: "waiting", wait: "offline", ...start },
  "waiting-puzzle": { status: "waiting", wait: "puzzle", ...door },
  "reading-fetching": readable("fetching"),
  "reading-none": readable("none"),
  "reading-unreachable": readable("unreachable"),
  "reading-unproven": readable("unproven"),
  "reading-open": { status: "waiting", wait: "nobody", ...start, reading: sampleLeaflets("en") },
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
  "talking-card": advised(card),
  "talking-return-link": advised(link),
  "end-proposed": { ...talking, isEndProposed: true },
  "end-proposed-link": { ...advised(link), isEndProposed: true },
  "talking-file-cleaning": { ...talking, file: { stage: "cleaning" } },
  "talking-file-clean": {
    ...talking,
    file: {
      stage: "clean",
      kind: "jpeg",
      size: 2_345_678,
      removed: ["camera", "place", "thumbnail", "time"],
    },
  },
  "talking-file-nothing": { ...talking, file: { stage: "clean", kind: "pdf", size: 48_000, removed: [] } },
  "talking-file-problem": { ...talking, file: { stage: "problem", why: "heic" } },
  "talking-file-offered": filed("offered"),
  "talking-file-moving": filed("moving", 40),
  "talking-file-received": filed("received", 100),
  "talking-file-refused": filed("refused"),
  "talking-no-microphone": { ...talking, canRecord: false },
  "talking-voice-about": { ...talking, voice: { stage: "about" } },
  "talking-voice-starting": { ...talking, voice: { stage: "starting" } },
  "talking-voice-recording": { ...talking, voice: { stage: "recording", seconds: 12 } },
  "talking-voice-recorded": {
    ...talking,
    voice: { stage: "recorded", seconds: 23, isFull: false, isPlaying: false },
  },
  "talking-voice-playing": {
    ...talking,
    voice: { stage: "recorded", seconds: 60, isFull: true, isPlaying: true },
  },
  "talking-voice-refused": { ...talking, voice: { stage: "problem", why: "refused" } },
  "talking-voice-offered": {
    ...talking,
    entries: [
      ...sampleEntries.slice(0, 1),
      { id: 103, from: "your-file", kind: "voice", size: 184_000, stage: "offered", percent: 0 },
    ],
  },
  "talking-end-link": { ...advised(link), isEndAsked: true },
  "talking-end": { ...talking, isEndAsked: true },
  "talking-end-silent": { ...fresh, isEndAsked: true },
  "survey-respected": { ...talking, isEndAsked: true, answered: 1 },
  "survey-would-return": { ...talking, isEndProposed: true, answered: 2 },
  "survey-thanks": { ...talking, isEndAsked: true, answered: 3 },
  "ended-wiping": { status: "ended", how: "by-you", isDoor: false, isWiped: false },
  "ended-by-you": { status: "ended", how: "by-you", isDoor: false, isWiped: true },
  "ended-by-advisor": { status: "ended", how: "by-advisor", isDoor: false, isWiped: true },
  "ended-door": { status: "ended", how: "by-you", isDoor: true, isWiped: true },
  "ended-lost": { status: "ended", how: "lost", isDoor: false, isWiped: true },
  "ended-broken": { status: "ended", how: "broken", isDoor: false, isWiped: true },
  "refused-link-spent": { status: "refused", why: "link-spent", again: undefined },
  "refused-link-open-elsewhere": { status: "refused", why: "link-open-elsewhere", again: start },
  "refused-link-refused": { status: "refused", why: "link-refused", again: undefined },
  "refused-crowded": { status: "refused", why: "crowded", again: start },
  "refused-crowded-door": { status: "refused", why: "crowded", again: door },
  "refused-broken": { status: "refused", why: "broken", again: start },
  "refused-advisor-unproven": { status: "refused", why: "advisor-unproven", again: undefined },
};
