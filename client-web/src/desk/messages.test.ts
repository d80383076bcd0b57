import { describe, expect, it } from "vitest";
import { decodeConsoleMessage, encodePageMessage, fits, TEXT_BYTES_MAX, wellFormed } from "./messages.ts";

const entry = {
  offer: "00ff",
  language: "ru",
  subject: "danger",
  channel: "bot",
  waiting_since: 1_795_000_000,
  accepting: false,
};
const consultation = {
  id: 3,
  status: "ended",
  ended: "lost",
  language: "ar",
  subject: "not_said",
  channel: "not_said",
  opened_at: 1_795_000_000,
};
const message = { number: 1, from: "client", text: "…", at: 1_795_000_100, delivered: true };
const snapshot = {
  type: "snapshot",
  worker: {
    alias: "Mira",
    role: "peer",
    languages: ["ru", "en"],
    service: { en: "a", ru: "b", uk: "c", ar: "d" },
    valid_until: 1_795_030_000,
  },
  duty: { status: "refused", reason: "clock_wrong" },
  waiting: [entry],
  consultations: [{ ...consultation, messages: [message] }],
};

const read = (value: unknown) => decodeConsoleMessage(JSON.stringify(value));

describe("what comes from the console", () => {
  it("is read as the table says", () => {
    const table: readonly unknown[] = [
      snapshot,
      { type: "duty", duty: { status: "on", reason: null } },
      { type: "waiting", waiting: [entry] },
      { type: "consultation", consultation },
      { type: "message", consultation: 3, message },
      { type: "delivered", consultation: 3, up_to: 7 },
      { type: "forgotten", consultation: 3 },
      { type: "notice", notice: "offer_gone" },
    ];
    for (const value of table) expect(read(value)).toEqual(value);
  });

  it("is refused when it is no JSON text, or of no known type", () => {
    for (const data of ["", "{", "null", "[]", '"duty"', '{"type":"hello"}', new ArrayBuffer(2), undefined]) {
      expect(decodeConsoleMessage(data)).toBeNull();
    }
  });

  it("is refused when any one member is missing or of another kind", () => {
    for (const path of paths(snapshot)) {
      expect(read(changed(snapshot, path, undefined)), `without ${path.join(".")}`).toBeNull();
      expect(read(changed(snapshot, path, { of: "another kind" })), path.join(".")).toBeNull();
    }
  });

  it("takes only whole numbers that are not below zero", () => {
    for (const id of [-1, 0.5, "3", null, 2 ** 53])
      expect(read({ type: "forgotten", consultation: id })).toBeNull();
  });

  it("takes offers only as lower-case hexadecimal, because they stand in attributes", () => {
    for (const offer of ["", "0", "0G", "AB", '00" onclick="']) {
      expect(read({ type: "waiting", waiting: [{ ...entry, offer }] })).toBeNull();
    }
  });

  it("does not take a name from an object's prototype", () => {
    expect(
      decodeConsoleMessage('{"__proto__":{"type":"duty","duty":{"status":"on","reason":null}}}'),
    ).toBeNull();
  });
});

describe("a text to send", () => {
  it("may have 40,000 bytes of UTF-8 and no more", () => {
    expect(fits("a".repeat(TEXT_BYTES_MAX))).toBe(true);
    expect(fits("a".repeat(TEXT_BYTES_MAX + 1))).toBe(false);
    expect(fits("я".repeat(TEXT_BYTES_MAX / 2))).toBe(true);
    expect(fits("я".repeat(TEXT_BYTES_MAX / 2 + 1))).toBe(false);
  });

  it("fits into a message of 262,144 bytes, even when every character is escaped", () => {
    const text = "\u0001".repeat(TEXT_BYTES_MAX);
    expect(fits(text)).toBe(true);
    const message = encodePageMessage({ type: "send", consultation: Number.MAX_SAFE_INTEGER, text });
    expect(message.length).toBeLessThanOrEqual(262_144);
  });

  it("loses half surrogate pairs, and nothing else", () => {
    expect(wellFormed("a\ud83d")).toBe("a\ufffd");
    expect(wellFormed("\ufeff😀 я ع")).toBe("\ufeff😀 я ع");
  });
});

type Path = readonly (string | number)[];

function paths(value: unknown, before: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...before, Array.isArray(value) ? Number(name) : name];
    // An entry of a list may be missing.
    return Array.isArray(value) ? paths(member, path) : [path, ...paths(member, path)];
  });
}

function changed(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  if (Array.isArray(value))
    return value.map((item, index) => (index === name ? changed(item, rest, to) : item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === name ? changed(member, rest, to) : member,
  ]);
  return Object.fromEntries(entries);
}
