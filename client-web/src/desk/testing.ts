// What several of the desk's tests begin with.

import type { ConsoleMessage, Snapshot } from "./messages.ts";
import { type DeskState, initialState } from "./model.ts";
import { SAMPLE_NOW, sampleConsultation, sampleWorker } from "./samples.ts";
import { sampleColleagues } from "./samples-colleagues.ts";
import { sampleCoding, samplePack } from "./samples-content.ts";
import { type DeskEvent, reduce } from "./state.ts";

export function play(state: DeskState, ...events: readonly DeskEvent[]): DeskState {
  return events.reduce(reduce, state);
}

export function told(message: ConsoleMessage): DeskEvent {
  return { type: "console", message };
}

/** One open consultation, and two colleagues on duty. */
export function snapshot(): Snapshot {
  const consultations = [{ ...sampleConsultation(1), messages: [] }];
  return {
    type: "snapshot",
    worker: sampleWorker,
    duty: { status: "on", reason: null },
    waiting: [],
    consultations,
    colleagues: sampleColleagues,
    hand_overs: [],
    whispers: [],
    locked: false,
    lock_minutes: 10,
    capacity: 3,
    pack: samplePack,
    coding: sampleCoding,
    totals: [],
    hand_in: { handed_in: 0, going: 0, waiting: 0 },
    announcements: [],
  };
}

export function signedIn(): DeskState {
  return play(
    initialState("en", SAMPLE_NOW),
    { type: "connection", connection: "connected" },
    told({ ...snapshot(), consultations: [] }),
  );
}

/** One open consultation, in front of the worker. */
export function talking(): DeskState {
  return play(signedIn(), told(snapshot()));
}

export function typed(text: string): DeskEvent {
  return { type: "draft", consultation: 1, text };
}
