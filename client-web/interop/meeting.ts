// How a course begins: the worker's end issues a link, and the two languages agree on keys by the handshake that a
// page and a console use.

import type { Bytes } from "../src/protocol/bytes.ts";
import { startHandshake } from "../src/protocol/handshake.ts";
import { factsOf } from "../src/protocol/languages.ts";
import { parseLink } from "../src/protocol/link.ts";
import { SUBJECT, type Triage } from "../src/protocol/triage.ts";
import { ClientEnd } from "./client-end.ts";
import type { Random } from "./random.ts";
import { RustWorker, type Setting } from "./rust-worker.ts";

const ORIGIN = "https://relay.example";

export interface Met {
  readonly client: ClientEnd;
  readonly worker: RustWorker;
  readonly authority: Bytes;
  readonly triage: Triage;
}

export async function meet(setting: Setting, random: Random): Promise<Met> {
  const worker = new RustWorker();
  const link = parseLink(await worker.issueLink(setting, ORIGIN));
  const triage: Triage = { language: factsOf("uk").byte, subject: SUBJECT.saferUse, channel: link.channel };
  const awaiting = startHandshake(link, ORIGIN, triage, random.bytes);
  const session = await worker.shakeHands(awaiting, setting.startSeconds);
  const client = new ClientEnd(session, setting.startSeconds, random);
  return { client, worker, authority: link.authority, triage };
}
