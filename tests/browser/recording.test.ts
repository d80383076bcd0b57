// What the wire shows: every byte between the relay and both ends, judged by docs/protocol.md.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CELL_SIZE, isSocketPath, type Message, readMessages, type SocketPath } from "./src/frames.ts";
import { House, meet, subject } from "./src/house.ts";
import type { RecordedConnection, RecordedFrame } from "./src/recorder.ts";
import { needlesOf } from "./src/search.ts";
import { waitFor } from "./src/wait.ts";
import { OPCODE } from "./src/websocket.ts";

const planted = [
  "plumbago-кошка",
  "тихо, сосед слышит",
  "قطة على السطح",
  "🦔hedgehog🦔",
  "WORKER-zinnia-їжачок",
];

/** docs/protocol.md section 9. */
const SLOT_MIN_MS = 1_500;
const SLOT_MAX_MS = 2_500;
/** Two programs and a recorder on a machine with other work; a cell outside its slot would come much sooner. */
const JITTER_MS = 700;
/** Of the file beside the worker's in which totals wait for the next shift: SECURITY.md. */
const TOTALS_BYTES = 9_889;

let house: House;
let plantedLink: string;
let filesBefore: readonly string[];
let deskOutputBefore: string;

beforeAll(async () => {
  house = await House.open();
  plantedLink = await house.newLink();
  filesBefore = await readdir(house.scene.directory, { recursive: true });
  deskOutputBefore = house.desk.child.output.replace(house.desk.address, "");
  await holdConsultation(plantedLink, planted);
}, 120_000);

afterAll(async () => {
  await house?.close();
});

/** The client says every text, the worker says it back, the client ends. In steady cover: nobody chose another. */
async function holdConsultation(link: string, texts: readonly string[]): Promise<void> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(link);
  const consultation = await meet(client, desk, subject(3));
  for (const text of texts) {
    await client.say(text);
    await consultation.hears(text);
    await consultation.say(text);
    await client.hears(text);
  }
  await client.deliveredAre(texts.length);
  await consultation.deliveredAre(texts.length);
  await client.end();
  await client.reaches("ended by-you");
  await client.isWiped();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
  await house.closePages();
  await waitFor("every recorded connection to end", () =>
    house.scene.recorder.connections.every(({ isOpen }) => !isOpen) ? true : undefined,
  );
}

describe("the recording of a consultation with planted words", () => {
  test("holds none of them, in no encoding, under no mask", () => {
    const wires = wireBytes();
    const found = planted.flatMap((word) =>
      needlesOf(word).filter(({ bytes }) => wires.some((wire) => wire.includes(bytes))),
    );
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  test("control: a word that the relay serves is found, in the direction and form in which it went", () => {
    const name = Buffer.from(house.service.name);
    expect(wireBytes().some((wire) => wire.includes(name))).toBe(true);
    const linkId = linkBytes().subarray(5, 21);
    const raw = house.scene.recorder.connections.map((connection) => connection.raw("to-relay"));
    expect(raw.some((bytes) => bytes.includes(linkId))).toBe(false);
    expect(wireBytes().some((wire) => wire.includes(linkId))).toBe(true);
  });

  test("holds neither the fragment nor the secret of the link", () => {
    const fragment = plantedLink.split("#")[1] ?? "";
    const psk = linkBytes().subarray(22, 54);
    const forbidden = [
      ...needlesOf(fragment),
      ...needlesOf(fragment.slice(0, 24)),
      ...needlesOf(fragment.slice(60, 84)),
      ...[psk, psk.subarray(0, 8), psk.subarray(16, 24)].map((bytes) => ({ name: "psk", bytes })),
      ...needlesOf(psk.toString("base64url")),
      ...needlesOf(psk.toString("hex")),
    ];
    const wires = wireBytes();
    expect(forbidden.filter(({ bytes }) => wires.some((wire) => wire.includes(bytes)))).toEqual([]);
  });

  test("holds no message that the table does not know, and nothing but cells after matching", () => {
    const names = new Map<SocketPath, readonly string[]>();
    for (const connection of house.scene.recorder.connections) {
      const path = connection.socketPath;
      if (path === undefined) continue;
      if (!isSocketPath(path)) throw new Error(path);
      expect(connection.leftover).toBe(0);
      names.set(path, readMessages(path, messagesOf(connection)));
    }
    // A worker waits where both would meet again, also while nothing is broken. Nobody came.
    expect(names.get("/ws/rejoin")).toEqual(["rejoin", "alone"]);
    expect(names.get("/ws/client")?.slice(0, 5)).toEqual([
      "relay_time",
      "open",
      "waiting",
      "matched",
      "cell",
    ]);
    expect(
      names
        .get("/ws/client")
        ?.slice(4)
        .every((name) => name === "cell"),
    ).toBe(true);
    expect(names.get("/ws/seat")?.slice(0, 3)).toEqual(["take_seat", "seated", "cell"]);
    expect(
      names
        .get("/ws/seat")
        ?.slice(2)
        .every((name) => name === "cell"),
    ).toBe(true);
    const duty = names.get("/ws/duty") ?? [];
    expect(duty.slice(0, 4)).toEqual(["challenge", "sign_in", "signed_in", "epoch_statement"]);
    expect(duty.filter((name) => name !== "epoch_statement").slice(3)).toEqual([
      "offer",
      "accept",
      "granted",
    ]);
  });

  test("holds nothing but the page's own requests besides the sockets", () => {
    const asked = house.scene.recorder.connections
      .filter(({ socketPath }) => socketPath === undefined)
      .flatMap((connection) => requestsOf(connection));
    const { authority } = house.service;
    const expected =
      /^GET \/(?:|app\.[0-9a-f]{16}\.js|style\.[0-9a-f]{16}\.css|words\.en\.[0-9a-f]{16}\.json|icon\.svg|nodes|service\/[0-9a-f]{64})$/;
    expect(asked).toContain("GET /");
    expect(asked).toContain(`GET /service/${authority}`);
    expect(asked.filter((request) => !expected.test(request))).toEqual([]);
  });
});

test("the programs wrote no file but the sealed totals and printed nothing about anybody", async () => {
  const files = await readdir(house.scene.directory, { recursive: true });
  const totals = files.filter((file) => file.endsWith(".totals"));
  expect(files.filter((file) => !totals.includes(file))).toEqual(filesBefore);
  // After a shift it is there, whatever it holds, and always as long.
  for (const file of totals) {
    expect((await stat(join(house.scene.directory, file))).size).toBe(TOTALS_BYTES);
  }
  // What holds it on this machine, that it counts nothing, and where it listens.
  expect(house.relay.output).toMatch(
    /^[^\n]*: confinement\n(?: {2}(?:enforced|MISSING) [^\n]*\n)+[^\n]*indicators are not counted[^\n]*\n[^\n]*listening on [^\n]*\n$/,
  );
  expect(house.desk.child.output.replace(house.desk.address, "")).toBe(deskOutputBefore);
});

describe("in steady cover, which is the default", () => {
  test("a word, 900 bytes and silence look the same: one cell each way in every slot, and none between", async () => {
    const desk = await house.openDesk();
    await desk.goOnDuty();
    const client = await house.openClient(await house.newLink());
    const consultation = await meet(client, desk, subject(3));
    // The first cells after a handshake wait for no slot.
    await sleep(SLOT_MAX_MS);
    const begun = performance.now();
    for (const text of ["да", "я".repeat(450)]) {
      await client.say(text);
      await consultation.hears(text);
      await consultation.say(text);
      await client.hears(text);
    }
    await consultation.deliveredAre(2);
    await client.deliveredAre(2);
    const silentFrom = performance.now();
    await sleep(6 * SLOT_MAX_MS);
    const over = performance.now();
    const [path] = house.scene.recorder.sockets("/ws/client").slice(-1);
    const seconds = ({ from, to }: { from: number; to: number }) => (to - from) / 1_000;
    for (const direction of ["to-relay", "from-relay"] as const) {
      const cells = (path?.frames ?? []).filter(
        (frame) => frame.direction === direction && frame.opcode === OPCODE.binary && frame.at > begun,
      );
      expect(new Set(cells.map(({ payload }) => payload.length))).toEqual(new Set([CELL_SIZE]));
      const times = cells.map(({ at }) => at).filter((at) => at < over);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(times.length).toBeGreaterThan((over - begun) / SLOT_MAX_MS - 2);
      expect(Math.min(...gaps)).toBeGreaterThan(SLOT_MIN_MS - JITTER_MS);
      expect(Math.max(...gaps)).toBeLessThan(SLOT_MAX_MS + JITTER_MS);
      const talking = times.filter((at) => at < silentFrom).length / seconds({ from: begun, to: silentFrom });
      const silent = times.filter((at) => at >= silentFrom).length / seconds({ from: silentFrom, to: over });
      console.log(
        `${direction}: ${talking.toFixed(2)} cells a second while they talk, ${silent.toFixed(2)} in silence, ` +
          `gaps ${Math.min(...gaps).toFixed(0)} to ${Math.max(...gaps).toFixed(0)} ms`,
      );
    }
    await client.end();
    await consultation.statusIs("ended");
    await consultation.forget();
    await desk.goOffDuty();
    await house.closePages();
  }, 120_000);

  test("a word and 900 bytes have the same kinds of messages, of the same sizes, on every socket", async () => {
    const shapes: (readonly string[])[][] = [];
    for (const text of ["да", "я".repeat(450)]) {
      const before = house.scene.recorder.connections.length;
      await holdConsultation(await house.newLink(), [text]);
      const fresh = house.scene.recorder.connections.slice(before);
      // How many cells there are is chance, and is the same for both by the test above.
      shapes.push(
        ["/ws/client", "/ws/duty", "/ws/seat"].map((path) => [
          ...new Set(
            fresh
              .filter(({ socketPath }) => socketPath === path)
              .flatMap((connection) => shapeOf(connection)),
          ),
        ]),
      );
    }
    const [short, long] = shapes;
    expect(short?.[0]?.filter((frame) => frame.endsWith(" 1024")).length).toBe(2);
    expect(long?.map((kinds) => [...kinds].sort())).toEqual(short?.map((kinds) => [...kinds].sort()));
  }, 120_000);
});

/** All bytes of each connection, as they went, and the sockets' payloads without their masks. */
function wireBytes(): readonly Buffer[] {
  return house.scene.recorder.connections.flatMap((connection) => {
    const both = ["to-relay", "from-relay"] as const;
    return both.flatMap((direction) => [
      connection.raw(direction),
      Buffer.concat(
        connection.frames.filter((one) => one.direction === direction).map(({ payload }) => payload),
      ),
    ]);
  });
}

function linkBytes(): Buffer {
  return Buffer.from(plantedLink.split("#")[1] ?? "", "base64url");
}

/** Whole binary messages; the rest are control frames that say nothing. */
function messagesOf(connection: RecordedConnection): readonly Message[] {
  for (const frame of connection.frames) {
    expect(frame.isMasked).toBe(frame.direction === "to-relay");
    expect(frame.isPlain && frame.isFinal).toBe(true);
    switch (frame.opcode) {
      case OPCODE.binary:
        break;
      case OPCODE.close:
        // A code, and no reason in words.
        expect([0, 2]).toContain(frame.payload.length);
        break;
      case OPCODE.ping:
      case OPCODE.pong:
        expect(frame.payload.length).toBe(0);
        break;
      default:
        throw new Error(`a frame of opcode ${frame.opcode}`);
    }
  }
  return connection.frames.filter(({ opcode }) => opcode === OPCODE.binary);
}

/** Pings come by the clock, whatever is said. */
function shapeOf(connection: RecordedConnection): readonly string[] {
  const isPing = ({ opcode }: RecordedFrame) => opcode === OPCODE.ping || opcode === OPCODE.pong;
  return connection.frames
    .filter((frame) => !isPing(frame))
    .map(({ direction, opcode, payload }) => `${direction} ${opcode} ${payload.length}`);
}

function requestsOf(connection: RecordedConnection): readonly string[] {
  const text = connection.raw("to-relay").toString("latin1");
  if (text === "") return [];
  const heads = text.split("\r\n\r\n");
  // Requests of a page have no bodies: after the last head there is nothing.
  expect(heads.pop()).toBe("");
  return heads.map((head) => head.split(" HTTP/1.1\r\n")[0] ?? "");
}
