import { describe, expect, it } from "vitest";
import { decodeConsoleMessage } from "./decode.ts";

const entry = {
  offer: "00ff",
  language: "ru",
  subject: "danger",
  channel: "bot",
  waiting_since: 1_795_000_000,
  accepting: false,
  door: true,
  wish: null,
};
const colleague = { id: 4, alias: "Olena", role: "doctor", languages: ["uk"], on_duty: true };
const request = {
  id: "00ff00ff00ff00ff",
  colleague: 4,
  language: "uk",
  subject: "wounds",
  channel: "card",
  summary: "",
  offered_at: 1_795_000_000,
  accepted: false,
};
const whisper = { number: 1, from: "me", text: "…", at: 1_795_000_100, delivered: false, failed: true };
const consultation = {
  id: 3,
  status: "ended",
  ended: "handed_over",
  line: null,
  hand_over: { colleague: 4, stage: "moving" },
  taken_over_from: null,
  summary: null,
  language: "ar",
  subject: "not_said",
  channel: "not_said",
  opened_at: 1_795_000_000,
  safety_phrase: [0, 1, 2, 3, 60, 61, 62, 63],
  door: false,
  wish: "me",
  muted: false,
  end_proposed: false,
  codes: {},
};
const card = { kind: "checklist", title: "…", body: "- …" };
const message = {
  number: 1,
  from: "client",
  kind: "card",
  text: "",
  card,
  file: null,
  at: 1_795_000_100,
  delivered: true,
};
const file = { file: 2, kind: "jpeg", size: 2_000, came: 500, status: "coming" };
const picture = "/picture/0123456789abcdef0123456789abcdef";
const sound = `/sound/${"0123456789abcdef".repeat(2)}`;
const worded = { en: "…", ru: null, uk: null, ar: "…" };
const pack = {
  starter: true,
  version: "3",
  reviewed_by: null,
  reviewed_on: "2026-11-01",
  hours: worded,
  needs: ["overdose"],
  replies: [{ id: "hello", emergency: false, title: worded, text: worded }],
  cards: [{ id: "heat", kind: "leaflet", topic: "safer_use", title: worded, body: worded }],
  scripts: [{ id: "overdose", title: worded, steps: worded }],
};
const coding = [{ group: "need", many: true, labels: ["overdose"] }];
const totals = [{ group: "shift", label: "consultations", count: 4 }];
const hand_in = { handed_in: 7, going: 5, waiting: 4 };
const announcements = [{ id: 1, from: null, text: "…", at: 1_795_000_100 }];
const links = [{ address: "https://example.org/#a", qr: { size: 9, path: "M0 0h9v9H0z" } }];
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
  colleagues: [colleague],
  hand_overs: [request],
  whispers: [{ colleague: 4, messages: [whisper] }],
  locked: false,
  lock_minutes: 10,
  capacity: 3,
  pack,
  coding,
  totals,
  hand_in,
  announcements,
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
      { type: "file", consultation: 3, message: 1, file },
      { type: "pictures", consultation: 3, file: 2, paths: [picture], pages: 43 },
      { type: "sound", consultation: 3, file: 2, path: sound },
      { type: "forgotten", consultation: 3 },
      { type: "colleagues", colleagues: [{ ...colleague, on_duty: false }] },
      { type: "hand_overs", hand_overs: [request] },
      { type: "whisper", colleague: 4, message: { ...whisper, from: "colleague" } },
      { type: "whisper_delivered", colleague: 4, up_to: 7 },
      { type: "whispers_forgotten", colleague: 4 },
      { type: "locked", locked: true, wrong_passphrase: true, wait_seconds: 4 },
      { type: "lock_minutes", lock_minutes: 20 },
      { type: "capacity", capacity: 8 },
      { type: "pack", pack: null, coding },
      { type: "pack_problem", file: "replies.toml", line: 3, reason: "…" },
      { type: "totals", totals, hand_in },
      { type: "announcements", announcements },
      { type: "links", links, expires_at: 1_795_000_900 },
      { type: "report", path: "/report/0123456789abcdef0123456789abcdef" },
      { type: "notice", notice: "offer_gone" },
    ];
    for (const value of table) expect(read(value)).toEqual(value);
  });

  it("names the labels that a service has added, in words", () => {
    const withNames = (names: unknown): unknown => {
      const coding = [{ group: "need", many: true, labels: ["overdose", "own_1"], names }];
      return { type: "pack", pack: null, coding };
    };
    for (const names of [{ own_1: worded }, {}]) expect(read(withNames(names))).toEqual(withNames(names));
    for (const names of [null, [], { own_1: "…" }, { "own 1": worded }]) {
      expect(read(withNames(names))).toBeNull();
    }
  });

  it("names every state of a line, of a hand-over, and of where a consultation came from", () => {
    for (const line of ["joined", "client_away", "reconnecting"]) {
      const open = { ...consultation, status: "open", ended: null, line, hand_over: null };
      const taken = { ...open, taken_over_from: 4, summary: "…" };
      for (const it of [open, taken]) expect(read({ type: "consultation", consultation: it })).not.toBeNull();
    }
    for (const stage of ["asking_colleague", "asking_client", "moving"]) {
      const asked = { ...consultation, hand_over: { colleague: 4, stage } };
      expect(read({ type: "consultation", consultation: asked })).toEqual({
        type: "consultation",
        consultation: asked,
      });
    }
    const elsewhere = { ...consultation, hand_over: { colleague: 4, stage: "lost" } };
    expect(read({ type: "consultation", consultation: elsewhere })).toBeNull();
    expect(read({ type: "consultation", consultation: { ...consultation, line: "open" } })).toBeNull();
    expect(read({ type: "whisper", colleague: 4, message: { ...whisper, from: "client" } })).toBeNull();
  });

  it("is refused when it is no JSON text, or of no known type", () => {
    for (const data of ["", "{", "null", "[]", '"duty"', '{"type":"hello"}', new ArrayBuffer(2), undefined]) {
      expect(decodeConsoleMessage(data)).toBeNull();
    }
  });

  it("is refused when any one member is missing or of another kind", () => {
    // Of texts by language only the English one has to be there.
    const mayBeMissing = (path: readonly string[]): boolean => ["ru", "uk", "ar"].includes(path.at(-1) ?? "");
    for (const path of paths(snapshot)) {
      if (!mayBeMissing(path.map(String)))
        expect(read(changed(snapshot, path, undefined)), `without ${path.join(".")}`).toBeNull();
      expect(read(changed(snapshot, path, { of: "another kind" })), path.join(".")).toBeNull();
    }
  });

  it("takes only whole numbers that are not below zero", () => {
    for (const id of [-1, 0.5, "3", null, 2 ** 53])
      expect(read({ type: "forgotten", consultation: id })).toBeNull();
  });

  it("takes for a safety phrase only eight places of the list", () => {
    const told = (safety_phrase: unknown): unknown =>
      decodeConsoleMessage(
        JSON.stringify({ type: "consultation", consultation: { ...consultation, safety_phrase } }),
      );
    expect(told([0, 1, 2, 3, 60, 61, 62, 63])).not.toBeNull();
    expect(told(null), "none before it is open").not.toBeNull();
    for (const wrong of [
      [],
      [0, 1, 2, 3, 60, 61, 62],
      [0, 1, 2, 3, 60, 61, 62, 64],
      [0.5, 1, 2, 3, 4, 5, 6, 7],
    ])
      expect(told(wrong)).toBeNull();
  });

  it("takes offers and requests only as lower-case hexadecimal, because they stand in attributes", () => {
    for (const offer of ["", "0", "0G", "AB", '00" onclick="']) {
      expect(read({ type: "waiting", waiting: [{ ...entry, offer }] })).toBeNull();
      expect(read({ type: "hand_overs", hand_overs: [{ ...request, id: offer }] })).toBeNull();
    }
  });

  it("takes as answers only names, by names", () => {
    const coded = (codes: unknown): unknown =>
      read({ type: "consultation", consultation: { ...consultation, codes } });
    expect(coded({ need: ["overdose", "18_24"] })).toMatchObject({
      consultation: { codes: { need: ["overdose", "18_24"] } },
    });
    for (const codes of [[], null, "need", { need: "overdose" }, { need: ["two words"] }, { "N eed": [] }]) {
      expect(coded(codes)).toBeNull();
    }
  });

  it("takes for a QR code only moves and lines, because it stands in an attribute", () => {
    for (const path of ['M0 0" onload="', "url(#a)", "M0 0<"]) {
      const qr = { size: 9, path };
      const sheet = { type: "links", links: [{ address: "a", qr }], expires_at: 1 };
      expect(read(sheet)).toBeNull();
    }
  });

  it("takes for a report's place only one of the console's own", () => {
    for (const path of ["//other.example/", "/report/", "https://other.example/", "javascript:alert(1)"]) {
      expect(read({ type: "report", path })).toBeNull();
    }
  });

  it("names every kind and state of a file, which stands in a message of its kind and in no other", () => {
    const told = (changes: object): unknown =>
      read({
        type: "message",
        consultation: 3,
        message: { ...message, kind: "file", card: null, file, ...changes },
      });
    for (const kind of ["jpeg", "png", "webp", "pdf", "voice"]) {
      for (const status of ["offered", "coming", "here", "refused", "withdrawn", "gone"]) {
        const it = { ...file, kind, status };
        expect(told({ file: it })).toMatchObject({ message: { kind: "file", file: it } });
      }
    }
    expect(told({ file: null })).toBeNull();
    expect(told({ kind: "text" })).toBeNull();
    expect(told({ file: undefined })).toBeNull();
  });

  it("is refused when any one member of a file, its pictures or its sound is missing or of another kind", () => {
    const all = [
      { type: "file", consultation: 3, message: 1, file },
      { type: "pictures", consultation: 3, file: 2, paths: [picture], pages: 43 },
      { type: "sound", consultation: 3, file: 2, path: sound },
    ];
    for (const value of all) {
      for (const path of paths(value)) {
        expect(read(changed(value, path, undefined)), `without ${path.join(".")}`).toBeNull();
        expect(read(changed(value, path, { of: "another kind" })), path.join(".")).toBeNull();
      }
    }
    for (const wrong of [{ kind: "svg" }, { status: "ended" }, { size: -1 }, { came: 0.5 }, { file: "2" }]) {
      expect(read({ type: "file", consultation: 3, message: 1, file: { ...file, ...wrong } })).toBeNull();
    }
  });

  it("takes for a picture's place only one of the console's own", () => {
    for (const path of [
      `/${picture}`,
      `${picture}0`,
      "/picture/",
      "/picture/0123456789ABCDEF0123456789ABCDEF",
      `https://other.example${picture}`,
      "data:image/png;base64,",
    ]) {
      const paths = [picture, path];
      expect(read({ type: "pictures", consultation: 3, file: 2, paths, pages: 2 })).toBeNull();
    }
  });

  it("takes for a sound's place only one of the console's own", () => {
    for (const path of [`/${sound}`, `${sound}0`, "/sound/", picture, `https://other.example${sound}`])
      expect(read({ type: "sound", consultation: 3, file: 2, path })).toBeNull();
  });

  it("does not take a name from an object's prototype", () => {
    expect(
      decodeConsoleMessage('{"__proto__":{"type":"duty","duty":{"status":"on","reason":null}}}'),
    ).toBeNull();
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
