import { beforeEach, describe, expect, it } from "vitest";
import type { Bytes } from "./bytes.ts";
import { CELL_DATA_MAX } from "./cell.ts";
import { encodeRecord, type SpokenRecord } from "./record.ts";
import type { Session } from "./session.ts";
import {
  clientCell,
  codeOf,
  converse,
  drain,
  issueLinkText,
  NOW,
  sessionPair,
  take,
  workerCell,
} from "./testing.ts";

const card: SpokenRecord = { type: "card", kind: "leaflet", title: "Сон", body: "- Тишина\n".repeat(200) };
const returnLink: SpokenRecord = { type: "return_link", linkText: issueLinkText() };
const proposal: SpokenRecord = { type: "end_proposal" };
const declined: SpokenRecord = { type: "end_declined" };

let client: Session;
let worker: Session;

beforeEach(() => {
  ({ client, worker } = sessionPair());
});

const open = (session: Session, cell: Uint8Array) => session.openCell(cell, NOW);
const dataOf = (record: SpokenRecord): { recordType: number; data: Bytes } => {
  const { recordType, body } = encodeRecord(record);
  return { recordType, data: body };
};

describe("what a worker gives", () => {
  it("arrives in its order among the words, and is told to have arrived", () => {
    worker.say({ type: "text", text: "Держите" });
    worker.say(card);
    expect(worker.say(returnLink)).toBe(3);
    expect(converse(client, worker).client).toEqual([{ type: "text", text: "Держите" }, card, returnLink]);
    expect(worker.isSettled).toBe(true);
  });

  it("finds room like words, or is not taken", () => {
    const big: SpokenRecord = { type: "card", kind: "leaflet", title: "x", body: "x".repeat(16_000) };
    for (let cards = 0; cards < 8; cards += 1) worker.say(big);
    expect(codeOf(() => worker.say(big))).toBe("full");
    worker.say(proposal);
    for (let texts = 9; texts < 64; texts += 1) worker.say({ type: "text", text: "x" });
    expect(codeOf(() => worker.say(returnLink))).toBe("full");
  });

  it("is a one-time link of the service, or the consultation ends", () => {
    const foreign = encodeRecord({ type: "return_link", linkText: issueLinkText({ issuer: "another" }) });
    expect(foreign.body.length).toBeLessThan(CELL_DATA_MAX);
    const cell = workerCell(2, { recordType: foreign.recordType, data: foreign.body });
    expect(codeOf(() => open(client, cell))).toBe("malformed");
    ({ client, worker } = sessionPair());
    const door: SpokenRecord = { type: "return_link", linkText: issueLinkText({ kind: 2 }) };
    expect(codeOf(() => open(client, workerCell(2, dataOf(door))))).toBe("malformed");
  });

  it("is not a client's to give", () => {
    for (const record of [card, returnLink, proposal]) {
      expect(codeOf(() => client.say(record))).toBe("out_of_turn");
    }
    for (const record of [{ ...card, body: "x" }, returnLink, proposal] as const) {
      ({ client, worker } = sessionPair());
      expect(codeOf(() => open(worker, clientCell(2, dataOf(record))))).toBe("malformed");
    }
  });
});

describe("an answer to the survey", () => {
  const survey: SpokenRecord = { type: "survey", question: "helped", answer: "no" };

  it("crosses in one cell like a short text, in its turn", () => {
    client.say({ type: "text", text: "Дякую" });
    client.say(survey);
    const cells = drain(client);
    expect(cells.map(({ length }) => length)).toEqual([1024, 1024]);
    expect(take(worker, cells)).toEqual([{ type: "text", text: "Дякую" }, survey]);
  });

  it("finds room like words, or is not taken", () => {
    for (let texts = 0; texts < 64; texts += 1) client.say({ type: "text", text: "x" });
    expect(codeOf(() => client.say(survey))).toBe("full");
  });

  it("is not a worker's to give", () => {
    expect(codeOf(() => worker.say(survey))).toBe("out_of_turn");
    expect(codeOf(() => open(client, workerCell(2, dataOf(survey))))).toBe("malformed");
  });
});

describe("a proposal to end", () => {
  it("is declined, and may be made again", () => {
    for (let round = 0; round < 2; round += 1) {
      worker.say(proposal);
      expect(codeOf(() => worker.say(proposal))).toBe("out_of_turn");
      expect(take(client, drain(worker))).toEqual([proposal]);
      client.say(declined);
      expect(take(worker, drain(client))).toEqual([declined]);
    }
  });

  it("is agreed to by closing", () => {
    worker.say(proposal);
    take(client, drain(worker));
    client.say({ type: "close", reason: "ended" });
    expect(take(worker, drain(client))).toEqual([{ type: "close", reason: "ended" }]);
  });

  it("means nothing while one is open, nor does a decline of none", () => {
    expect(take(client, [workerCell(2, dataOf(proposal))])).toEqual([proposal]);
    expect(take(client, [workerCell(3, dataOf(proposal))])).toEqual([]);
    expect(take(worker, [clientCell(2, dataOf(declined))])).toEqual([]);
    expect(codeOf(() => worker.say(declined))).toBe("out_of_turn");
    client.say(declined);
    expect(codeOf(() => client.say(declined))).toBe("out_of_turn");
  });
});
