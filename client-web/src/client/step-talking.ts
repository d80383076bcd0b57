// What happens in a conversation, as the person sees it. Pure, like all of `consultation.ts`.

import type { Entry, Event, Note, OwnFile, State, StateOf } from "./consultation.ts";

export function stepTalking(state: StateOf<"talking">, event: Event): State {
  const { entries } = state;
  const { alias } = state.worker;
  switch (event.type) {
    case "said": {
      const { id, text } = event;
      return { ...state, entries: [...entries, { id, from: "you", text, isDelivered: false }] };
    }
    case "heard": {
      const { id, text } = event;
      return { ...state, entries: [...entries, { id, from: "advisor", alias, kind: "text", text }] };
    }
    case "card-came": {
      const { id, card } = event;
      return { ...state, entries: [...entries, { id, from: "advisor", alias, kind: "card", card }] };
    }
    case "return-link-came": {
      const { id, link } = event;
      return { ...state, entries: [...entries, { id, from: "advisor", alias, kind: "return-link", link }] };
    }
    case "delivered": {
      const hasArrived = (entry: Entry): boolean => entry.from === "you" && event.ids.includes(entry.id);
      return {
        ...state,
        entries: entries.map((entry) => (hasArrived(entry) ? { ...entry, isDelivered: true } : entry)),
      };
    }
    case "line-changed":
      return { ...state, line: event.line, awayMinutes: event.awayMinutes };
    case "queue-changed":
      return { ...state, isFull: event.isFull };
    case "cover-chosen":
      return { ...state, cover: event.cover };
    case "end-proposed":
      return { ...state, isEndProposed: true };
    case "end-declined":
      return { ...state, isEndProposed: false };
    case "end-asked":
      return { ...state, isEndAsked: true };
    case "end-cancelled":
      return { ...state, isEndAsked: false };
    case "survey-answered":
      return { ...state, answered: state.answered + 1 };
    case "ended":
      return { status: "ended", how: event.how, isDoor: state.isDoor, isWiped: false };
    default:
      return stepFile(state, event) ?? stepHandOver(state, event);
  }
}

function stepFile(state: StateOf<"talking">, event: Event): State | undefined {
  switch (event.type) {
    case "file-chosen":
      return { ...state, file: { stage: "cleaning" } };
    case "file-cleaned": {
      const { kind, size, removed } = event;
      return { ...state, file: { stage: "clean", kind, size, removed } };
    }
    case "file-problem":
      return { ...state, file: { stage: "problem", why: event.why } };
    case "voice":
      return { ...state, voice: event.voice };
    case "file-dropped":
      return { ...state, file: undefined };
    case "file-offered": {
      const { id, kind, size } = event;
      const entry: OwnFile = { id, from: "your-file", kind, size, stage: "offered", percent: 0 };
      return { ...state, file: undefined, entries: [...state.entries, entry] };
    }
    case "file-went": {
      const { id, stage, percent } = event;
      const change = (entry: Entry): Entry =>
        entry.from === "your-file" && entry.id === id ? { ...entry, stage, percent } : entry;
      return { ...state, entries: state.entries.map(change) };
    }
    default:
      return undefined;
  }
}

function stepHandOver(state: StateOf<"talking">, event: Event): State {
  const { handOver } = state;
  const note = (id: number, what: Note["note"]): StateOf<"talking"> => {
    if (handOver === undefined) return state;
    const entry: Note = { id, from: "page", note: what, worker: handOver.to };
    return { ...state, handOver: undefined, entries: [...state.entries, entry] };
  };
  switch (event.type) {
    case "hand-over-asked":
      return { ...state, handOver: { stage: "asked", to: event.to } };
    case "hand-over-agreed":
      return handOver === undefined ? state : { ...state, handOver: { ...handOver, stage: "going" } };
    case "hand-over-declined":
      return { ...state, handOver: undefined };
    case "hand-over-withdrawn":
      return note(event.id, "withdrawn");
    case "hand-over-failed":
      return note(event.id, "did-not-come");
    case "handed-over": {
      const { id, worker, safetyPhrase } = event;
      // Who proposed to end has gone.
      return { ...note(id, "came"), worker, safetyPhrase, isEndProposed: false };
    }
    default:
      return state;
  }
}
