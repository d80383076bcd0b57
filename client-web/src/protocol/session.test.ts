import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat } from "./bytes.ts";
import { type CellContent, sealCell } from "./cell.ts";
import { hash } from "./hash.ts";
import { type ConsultationRecord, RecordError } from "./record.ts";
import { deriveSessionKeys, Session, SessionError, type SessionKeys } from "./session.ts";
import { damaged } from "./testing.ts";

const keys = (): SessionKeys =>
  deriveSessionKeys({
    handshakeHash: hash(Uint8Array.of(0)),
    k1: hash(Uint8Array.of(1)),
    k2: hash(Uint8Array.of(2)),
  });
const text = (of: string): ConsultationRecord => ({ type: "text", text: of });
const close: ConsultationRecord = { type: "close", reason: "ended" };

/** Seals what an honest worker would not. */
const workerCell = (sequence: bigint, changes: Partial<CellContent>): Bytes =>
  sealCell(keys().workerKey, sequence, {
    acknowledged: 2n,
    selective: 0n,
    recordType: 1,
    more: false,
    data: Uint8Array.of(0x61),
    ...changes,
  });

let client: Session;
let worker: Session;

beforeEach(() => {
  client = new Session("client", keys());
  worker = new Session("worker", keys());
});

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof SessionError ? error.code : String(error);
  }
  return "accepted";
}

/** The receiver refuses the cell, and is of no use from then on. */
function expectEnd(cell: Uint8Array, code: string, receiver = client): void {
  expect(codeOf(() => receiver.openCell(cell))).toBe(code);
  expect(codeOf(() => receiver.sealEmpty())).toBe("ended");
  expect(codeOf(() => receiver.openCell(worker.sealEmpty()))).toBe("ended");
}

describe("a consultation", () => {
  it("carries records both ways and tells when they have arrived", () => {
    expect(worker.openCell(client.sealEmpty())).toEqual({ acknowledged: 2n, needsAcknowledgement: false });

    const asked = client.sealRecord(text("Hello"));
    expect(asked.cells).toHaveLength(1);
    expect(asked.lastSequence).toBe(3n);
    expect(worker.openCell(asked.cells[0] ?? new Uint8Array(0))).toEqual({
      record: text("Hello"),
      acknowledged: 2n,
      needsAcknowledgement: true,
    });

    const acknowledgement = client.openCell(worker.sealEmpty());
    expect(acknowledgement).toEqual({ acknowledged: 4n, needsAcknowledgement: false });
    expect(acknowledgement.acknowledged > asked.lastSequence).toBe(true);
  });

  it("cuts a record into as many cells as it needs", () => {
    for (const [length, count] of [
      [1, 1],
      [980, 1],
      [981, 2],
      [1960, 2],
      [40_000, 41],
    ] as const) {
      const said = text("x".repeat(length));
      const { cells } = client.sealRecord(said);
      expect(cells).toHaveLength(count);
      const opened = cells.map((cell) => worker.openCell(cell));
      expect(opened.map(({ record }) => record)).toEqual([...Array(count - 1).fill(undefined), said]);
      expect(opened.filter(({ needsAcknowledgement }) => needsAcknowledgement)).toHaveLength(1);
    }
  });

  it("keeps its two directions apart", () => {
    expectEnd(client.sealEmpty(), "refused");
  });

  it("goes on when the caller's record cannot be sent", () => {
    expect(() => client.sealRecord(text(""))).toThrow(RecordError);
    expect(() => client.sealRecord(text("x".repeat(40_001)))).toThrow(RecordError);
    expect(client.sealRecord(text("x")).lastSequence).toBe(2n);
  });
});

describe("the order of cells", () => {
  it("drops duplicates without opening them", () => {
    const first = worker.sealRecord(text("once")).cells[0] ?? new Uint8Array(0);
    const second = worker.sealEmpty();
    expect(client.openCell(first).record).toEqual(text("once"));
    expect(client.openCell(second).record).toBeUndefined();
    const dropped = { acknowledged: 2n, needsAcknowledgement: false };
    expect(client.openCell(first)).toEqual(dropped);
    expect(client.openCell(second)).toEqual(dropped);
    expect(client.openCell(new Uint8Array(1024)), "a number of the handshake").toEqual(dropped);
  });

  it("ends at a gap", () => {
    worker.sealEmpty();
    expectEnd(worker.sealEmpty(), "lost");
  });

  it("ends at any damage", () => {
    const cell = worker.sealEmpty();
    for (const { at, bytes } of damaged(cell)) {
      const receiver = new Session("client", keys());
      expect(
        codeOf(() => receiver.openCell(bytes)),
        `byte ${at}`,
      ).toBe("refused");
    }
  });

  it("ends at a cell of a wrong size", () => {
    expectEnd(concat(worker.sealEmpty(), Uint8Array.of(0)), "malformed");
  });
});

describe("what a peer may not do", () => {
  it("acknowledge what was never sent, or take an acknowledgement back", () => {
    expectEnd(workerCell(2n, { acknowledged: 3n }), "malformed");

    client = new Session("client", keys());
    client.sealEmpty();
    client.openCell(workerCell(2n, { acknowledged: 3n }));
    expectEnd(workerCell(3n, { acknowledged: 2n }), "malformed");
  });

  it("send unknown records or broken bodies", () => {
    expectEnd(workerCell(2n, { recordType: 3 }), "malformed");
    client = new Session("client", keys());
    expectEnd(workerCell(2n, { data: Uint8Array.of(0xff) }), "malformed");
    client = new Session("client", keys());
    expectEnd(workerCell(2n, { data: new Uint8Array(0) }), "malformed");
  });

  it("leave a record unfinished", () => {
    const start = { more: true, data: new Uint8Array(980).fill(0x61) };
    const nothing = new Uint8Array(0);
    for (const next of [{ recordType: 2 }, { recordType: 0, data: nothing }, { data: nothing }]) {
      client = new Session("client", keys());
      expect(client.openCell(workerCell(2n, start)).record).toBeUndefined();
      expectEnd(workerCell(3n, next), "malformed");
    }
  });

  it("send a record without end", () => {
    const data = new Uint8Array(980).fill(0x61);
    const open = (sequence: bigint) => client.openCell(workerCell(sequence, { more: true, data }));
    // 66 cells hold 64,680 bytes; the 67th would pass 65,536.
    for (let sequence = 2n; sequence < 68n; sequence += 1n) open(sequence);
    expect(codeOf(() => open(68n))).toBe("malformed");
    expect(codeOf(() => client.sealEmpty())).toBe("ended");
  });
});

describe("close", () => {
  const only = (cells: readonly Bytes[]): Bytes => cells[0] ?? new Uint8Array(0);

  it("is acknowledged, and no record follows it from either end", () => {
    const { cells, lastSequence } = client.sealRecord(close);
    expect(codeOf(() => client.sealRecord(text("more")))).toBe("closed");
    const received = worker.openCell(only(cells));
    expect(received).toEqual({ record: close, acknowledged: 2n, needsAcknowledgement: true });
    expect(codeOf(() => worker.sealRecord(text("more")))).toBe("closed");
    expect(client.openCell(worker.sealEmpty()).acknowledged > lastSequence).toBe(true);
  });

  it("does not undo what the peer had said before it knew", () => {
    const said = worker.sealRecord(text("said before")).cells;
    client.sealRecord(close);
    expect(client.openCell(only(said)).record).toEqual(text("said before"));
  });

  it("may cross another", () => {
    const [ours, theirs] = [client.sealRecord(close), worker.sealRecord(close)];
    expect(client.openCell(only(theirs.cells)).record).toEqual(close);
    expect(worker.openCell(only(ours.cells)).record).toEqual(close);
  });

  it("is the peer's last record, though not its last cell", () => {
    client.openCell(workerCell(2n, { recordType: 2, data: Uint8Array.of(1) }));
    client.openCell(workerCell(3n, { recordType: 0, data: new Uint8Array(0) }));
    expectEnd(workerCell(4n, {}), "closed");
  });
});

describe("wiping", () => {
  it("clears the keys and ends the session", () => {
    const own = keys();
    const session = new Session("client", own);
    session.wipe();
    session.wipe();
    for (const key of Object.values(own)) expect(key).toEqual(new Uint8Array(32));
    expect(codeOf(() => session.sealRecord(text("x")))).toBe("ended");
    expect(codeOf(() => session.sealEmpty())).toBe("ended");
    expect(codeOf(() => session.openCell(worker.sealEmpty()))).toBe("ended");
  });
});
