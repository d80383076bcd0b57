// Runs inside the browser: the client's end of the golden consultation, with the page's own protocol code.

import { type Bytes, fromHex, toHex } from "../../../client-web/src/protocol/bytes.ts";
import { startHandOver, startHandshake } from "../../../client-web/src/protocol/handshake.ts";
import { parseLink, token } from "../../../client-web/src/protocol/link.ts";
import type { SpokenRecord } from "../../../client-web/src/protocol/record.ts";
import type { Session } from "../../../client-web/src/protocol/session.ts";
import type { Language, Subject } from "../../../client-web/src/protocol/triage.ts";

interface Step {
  readonly from: "client" | "worker";
  readonly record: string;
  readonly text: string;
  readonly cells: readonly string[];
}

export interface Golden {
  readonly now: number;
  readonly origin: string;
  readonly authority: string;
  readonly language: Language;
  readonly subject: Subject;
  readonly link: string;
  readonly token: string;
  readonly client_random: string;
  readonly opening: string;
  readonly answer: string;
  readonly fresh: { readonly client_random: string };
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
  const steps = golden.steps.map((step) => replayStep(golden, session, step, 0n));

  const proposal = {
    secret: fromHex(golden.hand_over.secret),
    certificate: fromHex(golden.hand_over.certificate),
  };
  const random = dealing(golden.hand_over.client_random);
  const arriving = startHandOver(proposal, fromHex(golden.authority), triage, now, random);
  const handOverOpening = toHex(arriving.opening);
  const next = arriving.finish(fromHex(golden.hand_over.answer), now).session;
  const { receivedBelow } = session;
  return {
    token: sent,
    opening,
    steps,
    hand_over_opening: handOverOpening,
    hand_over_steps: golden.hand_over_steps.map((step) => replayStep(golden, next, step, receivedBelow)),
  };
}

/** A client's step as this code makes it; a worker's as this code reads it. */
function replayStep(golden: Golden, session: Session, step: Step, receivedBelow: bigint): Step {
  const { from, record, text, cells } = step;
  if (from === "worker") {
    const heard = cells.flatMap((cell) => session.openCell(fromHex(cell), golden.now).records).at(-1);
    if (heard === undefined) return { from, record, text: "", cells };
    return { from, record: heard.type, text: heard.type === "text" ? heard.text : "", cells };
  }
  const spoken = spokenBy(step, receivedBelow);
  if (spoken !== undefined) session.say(spoken);
  if (record === "fresh_opening") session.freshen(0, dealing(golden.fresh.client_random));
  if (record === "rejoined") session.rejoined(0);
  const sealed: (Bytes | undefined)[] = [];
  if (record === "first" || record === "rejoined") sealed.push(session.emptyCell());
  for (let cell = session.nextCell(); cell !== undefined; cell = session.nextCell()) sealed.push(cell);
  return { from, record, text, cells: sealed.map((cell) => (cell === undefined ? "" : toHex(cell))) };
}

function spokenBy({ record, text }: Step, receivedBelow: bigint): SpokenRecord | undefined {
  switch (record) {
    case "text":
    case "lost_text":
      return { type: "text", text };
    case "close":
      return { type: "close", reason: "ended" };
    case "hand_over_reply":
      return { type: "hand_over_reply", reply: "agreed" };
    case "carried_over":
      return { type: "carried_over", receivedBelow };
    default:
      return undefined;
  }
}

/** Deals out the given bytes in order. */
function dealing(hex: string): (length: number) => Bytes {
  let rest = fromHex(hex);
  return (length) => {
    const dealt = rest.slice(0, length);
    rest = rest.slice(length);
    return dealt;
  };
}

Object.assign(globalThis, { replay });
