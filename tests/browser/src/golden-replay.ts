// Runs inside the browser: the client's end of the golden consultation, with the page's own protocol code.

import { fromHex, toHex } from "../../../client-web/src/protocol/bytes.ts";
import {
  cellsOf,
  dealing,
  type Given,
  type Means,
  type Step,
} from "../../../client-web/src/protocol/golden-steps.ts";
import { startHandOver, startHandshake } from "../../../client-web/src/protocol/handshake.ts";
import { parseLink, token } from "../../../client-web/src/protocol/link.ts";
import type { ConsultationRecord } from "../../../client-web/src/protocol/record.ts";
import type { Session } from "../../../client-web/src/protocol/session.ts";
import type { Subject } from "../../../client-web/src/protocol/triage.ts";

export interface Golden {
  readonly now: number;
  readonly origin: string;
  readonly authority: string;
  readonly language: number;
  readonly subject: Subject;
  readonly link: string;
  readonly token: string;
  readonly client_random: string;
  readonly opening: string;
  readonly answer: string;
  readonly fresh: { readonly client_random: string };
  readonly given: Given;
  readonly steps: readonly Step[];
  readonly hand_over: Readonly<
    Record<"secret" | "certificate" | "client_random" | "opening" | "answer", string>
  >;
  readonly hand_over_steps: readonly Step[];
}

/** What the browser made of it, in the golden file's own form. */
export interface Replayed {
  readonly token: string;
  readonly opening: string;
  readonly steps: readonly Step[];
  readonly hand_over_opening: string;
  readonly hand_over_steps: readonly Step[];
}

function replay(golden: Golden): Replayed {
  const { now } = golden;
  const link = parseLink(golden.link);
  const sent = toHex(token(link));
  const triage = { language: golden.language, subject: golden.subject, channel: link.channel };
  const awaiting = startHandshake(link, golden.origin, triage, dealing(golden.client_random));
  const opening = toHex(awaiting.opening);
  const { session } = awaiting.finish(fromHex(golden.answer), now);
  const proposal = {
    secret: fromHex(golden.hand_over.secret),
    certificate: fromHex(golden.hand_over.certificate),
  };
  const freshRandom = golden.fresh.client_random;
  const means = { given: golden.given, handOver: proposal, freshRandom, receivedBelow: 0n };
  const steps = golden.steps.map((step) => replayStep(session, step, means, now));

  const random = dealing(golden.hand_over.client_random);
  const arriving = startHandOver(proposal, fromHex(golden.authority), triage, now, random);
  const handOverOpening = toHex(arriving.opening);
  const next = arriving.finish(fromHex(golden.hand_over.answer), now).session;
  const carried = { ...means, receivedBelow: session.receivedBelow };
  return {
    token: sent,
    opening,
    steps,
    hand_over_opening: handOverOpening,
    hand_over_steps: golden.hand_over_steps.map((step) => replayStep(next, step, carried, now)),
  };
}

/** A client's step as this code makes it; a worker's as this code reads it. */
function replayStep(session: Session, step: Step, means: Means, now: number): Step {
  const { from, record, text, cells } = step;
  if (from === "client") return { from, record, text, cells: cellsOf(session, step, means).map(toHex) };
  const heard = cells.flatMap((cell) => session.openCell(fromHex(cell), now).records).at(-1);
  if (heard === undefined) return { from, record, text: "", cells };
  return { from, record: heard.type, text: textOf(heard), cells };
}

/** As the transcript writes it. */
function textOf(record: ConsultationRecord): string {
  if (record.type === "text") return record.text;
  return record.type === "file_reply" ? `${record.file} ${record.reply}` : "";
}

Object.assign(globalThis, { replay });
