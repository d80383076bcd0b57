import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat, uint16 } from "./bytes.ts";
import { FILE_MAX_BYTES, FILE_PART_BYTES, paddedSize } from "./file.ts";
import { Pacer } from "./pacer.ts";
import { type ConsultationRecord, encodeRecord, RECORD_TYPE, type SpokenRecord } from "./record.ts";
import type { Session } from "./session.ts";
import { clientCell, codeOf, converse, drain, NOW, sessionPair, take, workerCell } from "./testing.ts";

const SIZE = 100_000;

let client: Session;
let worker: Session;

beforeEach(() => {
  ({ client, worker } = sessionPair());
});

const contentOf = (size: number): Bytes => Uint8Array.from({ length: size }, (_, at) => (at % 251) + 1);
const offer = (file: number, size = SIZE): SpokenRecord => ({ type: "file_offer", file, kind: "png", size });
const reply = (file: number, said: "send" | "refused" | "received"): SpokenRecord => ({
  type: "file_reply",
  file,
  reply: said,
});
const partsOf = (records: readonly ConsultationRecord[]): Bytes =>
  concat(...records.flatMap((record) => (record.type === "file_part" ? [record.data] : [])));

/** Both ends know that the first file may come. */
function agree(size = SIZE): void {
  client.say(offer(1, size));
  expect(converse(client, worker).worker).toEqual([offer(1, size)]);
  worker.say(reply(1, "send"));
  expect(converse(client, worker).client).toEqual([reply(1, "send")]);
}

describe("the length that a file seems to have", () => {
  it("is the one of the paper's formula, and at most 12 % more", () => {
    const known = [1, 2, 9, 1000, 1025, FILE_MAX_BYTES].map(paddedSize);
    expect(known).toEqual([1, 2, 10, 1024, 1088, FILE_MAX_BYTES]);
    for (let size = 1; size <= FILE_MAX_BYTES; size += 997) {
      const padded = paddedSize(size);
      expect(padded >= size && padded <= size * 1.12 && padded <= FILE_MAX_BYTES, String(size)).toBe(true);
    }
  });
});

describe("a file", () => {
  it("arrives as it was, with its padding, and one follows the other", () => {
    for (const [at, size] of [1, FILE_PART_BYTES, FILE_PART_BYTES + 1, 300_001].entries()) {
      const file = at + 1;
      client.say(offer(file, size));
      converse(client, worker);
      worker.say(reply(file, "send"));
      converse(client, worker);
      client.sendFile(file, contentOf(size));
      expect([client.isMovingFile, worker.isMovingFile]).toEqual([true, true]);
      const came = partsOf(converse(client, worker).worker);
      expect(came).toEqual(concat(contentOf(size), new Uint8Array(paddedSize(size) - size)));
      expect(client.fileShare).toBe(1);
      worker.say(reply(file, "received"));
      expect(converse(client, worker).client).toEqual([reply(file, "received")]);
      expect([client.isMovingFile, worker.isMovingFile, client.isSettled]).toEqual([false, false, true]);
    }
  });

  it("is not sent before the worker agrees, nor with another length, nor twice", () => {
    const codeOfSending = (file: number, size: number) =>
      codeOf(() => client.sendFile(file, contentOf(size)));
    expect(codeOfSending(1, SIZE)).toBe("out_of_turn");
    client.say(offer(1));
    expect(codeOfSending(1, SIZE)).toBe("out_of_turn");
    converse(client, worker);
    worker.say(reply(1, "send"));
    converse(client, worker);
    expect(codeOfSending(1, SIZE - 1)).toBe("out_of_turn");
    expect(codeOfSending(2, SIZE)).toBe("out_of_turn");
    expect(codeOf(() => worker.sendFile(1, contentOf(SIZE)))).toBe("out_of_turn");
    expect(codeOfSending(1, SIZE)).toBe("accepted");
    expect(codeOfSending(1, SIZE)).toBe("out_of_turn");
  });

  it("lets words go first, takes no room from them, and renews no keys", () => {
    agree();
    client.sendFile(1, contentOf(SIZE));
    const begun = [client.nextCell() ?? new Uint8Array(0)];
    client.say({ type: "text", text: "скорее" });
    for (let cells = 0; cells < 17; cells += 1) begun.push(client.nextCell() ?? new Uint8Array(0));
    expect(take(worker, begun).map(({ type }) => type)).toEqual(["file_part", "text"]);
    expect(client.hasRoom(131_072 - 20)).toBe(true);
    const delivered = drain(worker).map((cell) => client.openCell(cell, NOW).delivered);
    expect(delivered).toContain(2);
    converse(client, worker);
    client.freshen(0, () => {
      throw new Error("no keys are due");
    });
  });

  it("goes at once from a steady end, and words are steady again behind it", () => {
    agree(20_000);
    const [pacer, workers] = [new Pacer("steady"), new Pacer("steady")];
    take(worker, pacer.cells(client, 0, 0));
    take(client, workers.cells(worker, 0, 0));
    client.sendFile(1, contentOf(20_000));
    const cells = pacer.cells(client, 1, 0);
    expect(cells).toHaveLength(21);
    take(worker, cells.slice(0, 8));
    const acknowledgements = workers.cells(worker, 1, 0);
    expect(acknowledgements).toHaveLength(1);
    take(client, acknowledgements);
    take(worker, cells.slice(8));
    worker.say(reply(1, "received"));
    converse(client, worker);
    client.say({ type: "text", text: "да" });
    expect(pacer.cells(client, 3, 0)).toHaveLength(0);
  });

  it("goes on over a new line where the last one broke", () => {
    agree();
    client.sendFile(1, contentOf(SIZE));
    const came: ConsultationRecord[] = [];
    for (let lines = 0; lines < 12; lines += 1) {
      client.rejoined(0);
      worker.rejoined(0);
      const cells = [client.emptyCell() ?? new Uint8Array(0), ...drain(client)];
      came.push(...take(worker, cells.slice(0, 31)));
      take(client, [worker.emptyCell() ?? new Uint8Array(0), ...drain(worker)]);
    }
    expect(partsOf(came).subarray(0, SIZE)).toEqual(contentOf(SIZE));
  });

  it("that is refused on its way goes no further, and what was on its way means nothing", () => {
    agree();
    client.sendFile(1, contentOf(SIZE));
    const cells = drain(client);
    take(worker, cells.slice(0, 20));
    worker.say(reply(1, "refused"));
    expect(take(worker, cells.slice(20))).toEqual([]);
    expect(take(client, drain(worker))).toEqual([reply(1, "refused")]);
    const rest = drain(client);
    expect(rest.length).toBeLessThan(17);
    expect(take(worker, rest)).toEqual([]);
    client.say(offer(2));
    expect(converse(client, worker).worker).toEqual([offer(2)]);
  });

  it("that is withdrawn crosses what the worker says of it", () => {
    for (const said of ["send", "refused"] as const) {
      ({ client, worker } = sessionPair());
      client.say(offer(1));
      converse(client, worker);
      worker.say(reply(1, said));
      client.say({ type: "file_withdrawn", file: 1 });
      const [fromWorker, fromClient] = [drain(worker), drain(client)];
      expect(take(client, fromWorker)).toEqual([]);
      expect(take(worker, fromClient)).toHaveLength(said === "send" ? 1 : 0);
      client.say(offer(2));
      expect(converse(client, worker).worker).toEqual([offer(2)]);
    }
  });

  it("does not outlive a close", () => {
    agree();
    client.sendFile(1, contentOf(SIZE));
    const begun = client.nextCell() ?? new Uint8Array(0);
    client.say({ type: "close", reason: "ended" });
    const cells = drain(client);
    expect(cells.length).toBeLessThan(18);
    expect(take(worker, [begun, ...cells]).map(({ type }) => type)).toEqual(["file_part", "close"]);
  });
});

describe("an end that keeps no rule of files ends the consultation", () => {
  /** 100 bytes are padded to 104. */
  const part = (file: number, data: Uint8Array): Bytes => concat(uint16(file), data);
  const whole = concat(contentOf(100), new Uint8Array(4));
  const dataOf = (record: SpokenRecord): { recordType: number; data: Bytes } => {
    const { recordType, body } = encodeRecord(record);
    return { recordType, data: body };
  };

  it("at the worker", () => {
    const wrong = {
      "a part that is too short": { recordType: RECORD_TYPE.file_part, data: part(1, contentOf(99)) },
      "a part of another file": { recordType: RECORD_TYPE.file_part, data: part(2, whole) },
      "a part of no file": { recordType: RECORD_TYPE.file_part, data: part(0, whole) },
      "padding that is none": { recordType: RECORD_TYPE.file_part, data: part(1, contentOf(104)) },
      "another offer": dataOf(offer(2)),
      "the same offer": dataOf(offer(1)),
      "a withdrawal of another": dataOf({ type: "file_withdrawn", file: 2 }),
    };
    for (const [what, content] of Object.entries(wrong)) {
      ({ client, worker } = sessionPair());
      agree(100);
      expect(
        codeOf(() => worker.openCell(clientCell(4, content), NOW)),
        what,
      ).toBe("malformed");
    }
    ({ client, worker } = sessionPair());
    agree(100);
    const right = { recordType: RECORD_TYPE.file_part, data: part(1, whole) };
    expect(
      codeOf(() => worker.openCell(clientCell(3, right), NOW)),
      "the control",
    ).toBe("accepted");
    ({ client, worker } = sessionPair());
    client.say(offer(1, 100));
    converse(client, worker);
    expect(
      codeOf(() => worker.openCell(clientCell(3, right), NOW)),
      "not agreed",
    ).toBe("malformed");
  });

  it("at the client", () => {
    const open = (record: SpokenRecord) => codeOf(() => client.openCell(workerCell(2, dataOf(record)), NOW));
    expect(open(reply(1, "send"))).toBe("malformed");
    ({ client, worker } = sessionPair());
    client.say(offer(1));
    expect(open(reply(2, "send"))).toBe("malformed");
    ({ client, worker } = sessionPair());
    client.say(offer(1));
    expect(open(reply(1, "received"))).toBe("malformed");
    ({ client, worker } = sessionPair());
    expect(codeOf(() => client.say(reply(1, "send")))).toBe("out_of_turn");
    expect(codeOf(() => worker.say(offer(1)))).toBe("out_of_turn");
    expect(codeOf(() => worker.say(reply(1, "send")))).toBe("out_of_turn");
  });
});
