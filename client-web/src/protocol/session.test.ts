import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat } from "./bytes.ts";
import { SEQUENCE_LIMIT, sealCell, sequenceOf } from "./cell.ts";
import { RecordError, type SpokenRecord } from "./record.ts";
import type { Session } from "./session.ts";
import {
  clientCell,
  codeOf,
  converse,
  damaged,
  drain,
  NOW,
  type Pair,
  sessionPair,
  take,
  testKeys,
  workerCell,
} from "./testing.ts";

const text = (of: string): SpokenRecord => ({ type: "text", text: of });
const close: SpokenRecord = { type: "close", reason: "ended" };
const EMPTY = { recordType: 0, data: new Uint8Array(0) };

let pair: Pair;
let client: Session;
let worker: Session;

beforeEach(() => {
  pair = sessionPair();
  client = pair.client;
  worker = pair.worker;
});

const open = (session: Session, cell: Uint8Array) => session.openCell(cell, NOW);
const numbers = (cells: readonly Bytes[]): number[] => cells.map((cell) => Number(sequenceOf(cell)));

function only(cells: readonly Bytes[]): Bytes {
  const [cell] = cells;
  if (cell === undefined || cells.length !== 1) throw new Error(`${cells.length} cells instead of one`);
  return cell;
}

/** The receiver refuses the cell, and is of no use from then on. */
function expectEnd(cell: Uint8Array, receiver = client): void {
  expect(codeOf(() => open(receiver, cell))).toBe("malformed");
  expect(codeOf(() => receiver.nextCell())).toBe("ended");
  expect(codeOf(() => open(receiver, worker.emptyCell() ?? new Uint8Array(0)))).toBe("ended");
}

describe("a consultation", () => {
  it("carries records both ways and tells when they have arrived", () => {
    expect(client.say(text("Hello"))).toBe(1);
    expect(client.say(text("again"))).toBe(2);
    const opened = drain(client).map((cell) => open(worker, cell));
    expect(opened).toEqual([
      { records: [text("Hello")], isNew: true },
      { records: [text("again")], isNew: true },
    ]);
    expect([client.isSettled, worker.isSettled]).toEqual([false, true]);
    expect(open(client, only(drain(worker)))).toEqual({ records: [], delivered: 2, isNew: true });
    expect(client.isSettled).toBe(true);
    expect(drain(client), "an acknowledgement is not acknowledged").toEqual([]);
  });

  it("owes an acknowledgement after the 8th cell of a long record", () => {
    client.say(text("x".repeat(20 * 980)));
    const acknowledgements = drain(client).map((cell) => {
      open(worker, cell);
      return drain(worker).length;
    });
    const wanted = Array.from({ length: 20 }, (_, at) => (at === 7 || at === 15 || at === 19 ? 1 : 0));
    expect(acknowledgements).toEqual(wanted);
  });

  it("keeps its two directions apart", () => {
    expect(codeOf(() => open(client, client.emptyCell() ?? new Uint8Array(0)))).toBe("refused");
  });

  it("goes on when the caller's record cannot be sent", () => {
    expect(() => client.say(text(""))).toThrow(RecordError);
    expect(() => client.say(text("x".repeat(40_001)))).toThrow(RecordError);
    for (const record of [
      { type: "hand_over_withdrawn" },
      { type: "carried_over", receivedBelow: 2n },
      { type: "hand_over_reply", reply: "agreed" },
    ] as const) {
      expect(codeOf(() => client.say(record))).toBe("out_of_turn");
    }
    expect(client.say(text("x"))).toBe(1);
  });

  it("takes no more words than there is room for, and loses none", () => {
    const said: SpokenRecord[] = [];
    while (client.hasRoom(1)) {
      said.push(text(`${said.length}`));
      client.say(text(`${said.length - 1}`));
    }
    expect(said).toHaveLength(64);
    expect(codeOf(() => client.say(text("x")))).toBe("full");
    client.say(close);
    expect(converse(client, worker).worker).toEqual([...said, close]);
  });
});

describe("the order of cells", () => {
  it("is restored, and nothing comes twice", () => {
    for (let said = 0; said < 5; said += 1) worker.say(text(`${said}`));
    const [a, b, c, d, e] = drain(worker);
    const order = [c, a, c, e, b, a, d, e].map((cell) => open(client, cell ?? new Uint8Array(0)));
    expect(order.map(({ records }) => records.length)).toEqual([0, 1, 0, 0, 2, 0, 2, 0]);
    expect(order.map(({ isNew }) => isNew)).toEqual([true, true, false, true, true, false, true, false]);
    expect(order.flatMap(({ records }) => records)).toEqual([0, 1, 2, 3, 4].map((said) => text(`${said}`)));
    expect(client.receivedBelow).toBe(7n);
  });

  it("answers a duplicate, once, without opening it", () => {
    const first = workerCell(2);
    open(client, first);
    drain(client);
    const garbage = concat(first.subarray(0, 8), new Uint8Array(1016));
    for (const duplicate of [first, garbage, new Uint8Array(1024)]) {
      expect(open(client, duplicate)).toEqual({ records: [], isNew: false });
    }
    expect(drain(client)).toHaveLength(1);
  });

  it("takes cells to n + 64; one that opens above ends it", () => {
    expect(codeOf(() => open(client, workerCell(66)))).toBe("accepted");
    expectEnd(workerCell(67));
  });
});

describe("a cell that does not open", () => {
  it("leaves the session as it was, with any byte damaged", () => {
    worker.say(text("unharmed"));
    const cell = only(drain(worker));
    for (const { at, bytes } of damaged(cell)) {
      // A lower number makes it a duplicate, which is not opened.
      const isDuplicate = sequenceOf(bytes) < 2n;
      const wanted = isDuplicate ? "accepted" : "refused";
      expect(
        codeOf(() => open(client, bytes)),
        `byte ${at}`,
      ).toBe(wanted);
    }
    expect(open(client, cell).records).toEqual([text("unharmed")]);
  });

  it("is also one of another size, of another generation, or past the last number", () => {
    const other = { ...testKeys(), workerKey: new Uint8Array(32) };
    const last = concat(workerCell(2), Uint8Array.of(0));
    for (const cell of [last, last.subarray(0, 1023), new Uint8Array(0), workerCell(2, {}, other)]) {
      expect(codeOf(() => open(client, cell))).toBe("refused");
    }
    const past = concat(workerCell(2));
    new DataView(past.buffer).setBigUint64(0, SEQUENCE_LIMIT);
    expect(codeOf(() => open(client, past))).toBe("refused");
    expect(open(client, workerCell(2)).records).toEqual([text("a")]);
  });
});

describe("a line that broke", () => {
  it("costs nothing: what is not acknowledged comes again, byte for byte, after an empty cell", () => {
    for (const said of ["a", "b", "c"]) client.say(text(said));
    const sent = drain(client);
    open(worker, sent[1] ?? new Uint8Array(0));
    client.rejoined(0);
    const greeting = client.emptyCell() ?? new Uint8Array(0);
    const again = drain(client);
    expect(again).toEqual(sent);
    const heard = take(worker, [greeting, ...again]);
    expect(heard).toEqual(["a", "b", "c"].map(text));
    expect(open(client, only(drain(worker))).delivered).toBe(3);
    expect(drain(client)).toEqual([]);
  });

  it("within a record lets an empty cell come between", () => {
    client.say(text("x".repeat(3000)));
    const first = client.nextCell() ?? new Uint8Array(0);
    const greeting = client.emptyCell() ?? new Uint8Array(0);
    const rest = drain(client);
    expect(numbers([first, greeting, ...rest])).toEqual([2, 3, 4, 5, 6]);
    expect(take(worker, [first, greeting, ...rest])).toEqual([text("x".repeat(3000))]);
  });

  it("is not needed: a lost cell is missed by those after it", () => {
    for (let said = 0; said < 5; said += 1) client.say(text(`${said}`));
    const [lost, ...rest] = drain(client);
    take(worker, rest);
    open(client, only(drain(worker)));
    expect(drain(client)).toEqual([lost]);
  });
});

describe("two ends that fill each other's windows", () => {
  const full = (): void => {
    for (const session of [client, worker]) {
      for (const said of ["a", "b", "c"]) session.say(text(said.repeat(40_000)));
    }
  };

  it("can always tell each other", () => {
    full();
    const [fromClient, fromWorker] = [drain(client), drain(worker)];
    expect([fromClient.length, fromWorker.length]).toEqual([48, 48]);
    expect(client.emptyCell(), "nothing to tell").toBeUndefined();
    expect(client.slotCell(), "a slot is filled all the same").toEqual(fromClient[0]);
    take(worker, fromClient);
    take(client, fromWorker);
    const heard = converse(client, worker);
    const wanted = ["b", "c"].map((said) => text(said.repeat(40_000)));
    expect(heard).toEqual({ client: wanted, worker: wanted });
  });

  it("can also after a gap, while which each told of every cell that came", () => {
    full();
    const [lostAtWorker, ...fromClient] = drain(client);
    const [lostAtClient, ...fromWorker] = drain(worker);
    for (const [at, cell] of fromClient.entries()) {
      open(worker, cell);
      fromWorker.push(...drain(worker));
      open(client, fromWorker[at] ?? new Uint8Array(0));
      fromClient.push(...drain(client).filter((each) => !fromClient.includes(each)));
      if (at > 200) throw new Error("they never come to rest");
    }
    open(worker, lostAtWorker ?? new Uint8Array(0));
    open(client, lostAtClient ?? new Uint8Array(0));
    converse(client, worker);
    expect([client.isSettled, worker.isSettled]).toEqual([true, true]);
  });
});

describe("what a peer may not do", () => {
  it("acknowledge what was never sent", () => {
    expectEnd(workerCell(2, { acknowledged: 3n }));
    client = sessionPair().client;
    expectEnd(workerCell(2, { selective: 1n }));
    client = sessionPair().client;
    client.emptyCell();
    open(client, workerCell(2, { acknowledged: 3n }));
    expect(
      codeOf(() => open(client, workerCell(3, { acknowledged: 2n }))),
      "old news",
    ).toBe("accepted");
  });

  it("send unknown records, broken bodies, or what is the other end's to say", () => {
    for (const changes of [
      { recordType: 9 },
      { data: Uint8Array.of(0xff) },
      { data: new Uint8Array(0) },
      { recordType: 6, data: Uint8Array.of(1) },
      { recordType: 8, data: new Uint8Array(8) },
    ]) {
      client = sessionPair().client;
      expectEnd(workerCell(2, changes));
    }
    for (const changes of [
      { recordType: 7, data: Uint8Array.of(1) },
      { recordType: 5, data: new Uint8Array(164) },
    ]) {
      worker = sessionPair().worker;
      expectEnd(clientCell(2, changes), worker);
    }
  });

  it("leave a record unfinished", () => {
    open(client, workerCell(2, { more: true, data: new Uint8Array(980).fill(0x61) }));
    expectEnd(workerCell(3, { recordType: 2, data: Uint8Array.of(1) }));
  });

  it("seal well what breaks the form of a cell", () => {
    const cell = sealCell(pair.workerKeys.workerKey, 2n, {
      acknowledged: 2n,
      selective: 0n,
      recordType: 1,
      more: true,
      data: new Uint8Array(979),
    });
    expectEnd(cell);
  });
});

describe("close", () => {
  it("comes after what waits, is acknowledged, and no record follows it from either end", () => {
    client.say(text("before"));
    client.say(close);
    expect(codeOf(() => client.say(text("more")))).toBe("closed");
    expect(take(worker, drain(client))).toEqual([text("before"), close]);
    expect(codeOf(() => worker.say(text("more")))).toBe("closed");
    expect(open(client, only(drain(worker))).delivered).toBe(2);
    expect(client.isSettled).toBe(true);
  });

  it("does not undo what the peer had said before it knew", () => {
    worker.say(text("said before"));
    const said = drain(worker);
    client.say(close);
    expect(take(client, said)).toEqual([text("said before")]);
  });

  it("lets the record in progress end, and holds back the rest, which was never delivered", () => {
    worker.say(text("x".repeat(1500)));
    worker.say(text("held back"));
    const first = worker.nextCell() ?? new Uint8Array(0);
    client.say(close);
    take(worker, drain(client));
    expect(take(client, [first, ...drain(worker)])).toEqual([text("x".repeat(1500))]);
    const { delivered } = open(worker, only(drain(client)));
    expect(delivered).toBe(1);
    expect(worker.isSettled).toBe(true);
  });

  it("may cross another", () => {
    client.say(close);
    worker.say(close);
    expect(converse(client, worker)).toEqual({ client: [close], worker: [close] });
    expect([client.isSettled, worker.isSettled]).toEqual([true, true]);
  });

  it("is the peer's last record, though not its last cell", () => {
    open(client, workerCell(2, { recordType: 2, data: Uint8Array.of(1) }));
    open(client, workerCell(3, EMPTY));
    expectEnd(workerCell(4));
  });
});

describe("wiping", () => {
  it("clears the keys and ends the session", () => {
    client.say(text("x"));
    client.wipe();
    client.wipe();
    for (const key of Object.values(pair.clientKeys)) expect(key).toEqual(new Uint8Array(32));
    for (const action of [
      () => client.say(text("x")),
      () => client.nextCell(),
      () => client.slotCell(),
      () => client.emptyCell(),
      () => client.rejoined(0),
      () => client.freshen(0, () => new Uint8Array(0)),
      () => client.route(),
      () => open(client, workerCell(2)),
    ]) {
      expect(codeOf(action)).toBe("ended");
    }
    expect(client.undelivered()).toEqual([]);
  });

  it("follows when the peer breaks a rule", () => {
    expectEnd(workerCell(67));
    for (const key of Object.values(pair.clientKeys)) expect(key).toEqual(new Uint8Array(32));
  });
});
