import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "./bytes.ts";
import { CardError, openCard } from "./card.ts";
import { AUTHORITY, damaged, SHIFT_KEY, signCard } from "./testing.ts";

const text = (about: string) => ({ en: about, ru: `${about} ру`, uk: `${about} ук`, ar: `${about} عر` });
const fields = {
  version: 1,
  issued: 1_795_000_000,
  name: text("name"),
  about: text("about"),
  hours: text("hours"),
  emergency: text("emergency"),
};

function codeOf(bytes: Uint8Array, authority: Uint8Array = AUTHORITY): string {
  try {
    openCard(bytes, authority);
  } catch (error) {
    return error instanceof CardError ? error.code : String(error);
  }
  return "accepted";
}

const sign = (value: unknown): Uint8Array => signCard(encodeUtf8(JSON.stringify(value)));
const codeWith = (changes: object): string => codeOf(sign({ ...fields, ...changes }));

describe("a service card", () => {
  it("is read member by member, and unknown members are ignored", () => {
    const { version, ...card } = fields;
    expect(openCard(sign({ ...fields, later: [1] }), AUTHORITY)).toEqual(card);
    expect(version).toBe(1);
  });

  it("is refused with any byte damaged, or under another authority", () => {
    for (const { at, bytes } of damaged(sign(fields))) {
      // The signature is over all of the JSON: some bytes of it stand for the rest.
      if (at > 64 && at % 8 !== 0) continue;
      expect(codeOf(bytes), `byte ${at}`).toBe("wrong_authority");
    }
    expect(codeOf(sign(fields), SHIFT_KEY)).toBe("wrong_authority");
  });

  it("has at most 16,384 bytes, and more than a signature", () => {
    const room = 16_384 - sign({ ...fields, padding: "" }).length;
    expect(codeWith({ padding: "x".repeat(room) })).toBe("accepted");
    expect(codeWith({ padding: "x".repeat(room + 1) })).toBe("malformed");
    expect(codeOf(new Uint8Array(64))).toBe("malformed");
    expect(codeOf(new Uint8Array(0))).toBe("malformed");
  });

  it("is JSON in UTF-8", () => {
    expect(codeOf(signCard(encodeUtf8("{")))).toBe("malformed");
    expect(codeOf(signCard(Uint8Array.of(0x22, 0xff, 0x22)))).toBe("malformed");
    for (const value of [null, 1, "card", [], [fields], {}]) expect(codeOf(sign(value))).toBe("malformed");
  });

  it("has a known version and a time", () => {
    for (const version of [0, 2, "1", null]) expect(codeWith({ version })).toBe("malformed");
    for (const issued of [-1, 0.5, 2 ** 32, "1", null]) expect(codeWith({ issued })).toBe("malformed");
  });

  it("has English in each text, and no language that is not in the list", () => {
    expect(openCard(sign({ ...fields, name: { en: "x", ar: "س" } }), AUTHORITY).name).toEqual({
      en: "x",
      ar: "س",
    });
    for (const name of ["name", "about", "hours", "emergency"]) {
      expect(codeWith({ [name]: undefined })).toBe("malformed");
      expect(codeWith({ [name]: "text" })).toBe("malformed");
      expect(codeWith({ [name]: { ...text("x"), de: "x" } })).toBe("malformed");
      expect(codeWith({ [name]: { ...text("x"), en: undefined } })).toBe("malformed");
      expect(codeWith({ [name]: { ...text("x"), ar: "" } })).toBe("malformed");
      expect(codeWith({ [name]: { ...text("x"), ar: 1 } })).toBe("malformed");
    }
  });

  it("counts characters, not bytes or halves of surrogate pairs", () => {
    expect(codeWith({ about: { ...text("x"), en: "😀".repeat(1000) } })).toBe("accepted");
    expect(codeWith({ about: { ...text("x"), en: "x".repeat(1001) } })).toBe("malformed");
    expect(codeWith({ about: { ...text("x"), en: "\ud83d" } })).toBe("malformed");
  });

  it("names subjects to choose from, each of them once, or none and means all", () => {
    expect(openCard(sign({ ...fields, subjects: ["law", "danger"] }), AUTHORITY).subjects).toEqual([7, 1]);
    expect("subjects" in openCard(sign(fields), AUTHORITY)).toBe(false);
    for (const subjects of [[], ["law", "law"], ["not_said"], ["later"], [1], "law", null, { 0: "law" }]) {
      expect(codeWith({ subjects })).toBe("malformed");
    }
  });

  // The same in protocol/src/tests/served.rs.
  it("names a site for the quick exit, by https, or none", () => {
    const long = `https://weather.example/${"x".repeat(231)}`;
    for (const exit of [
      "https://weather.example",
      "https://weather.example/",
      "https://www.weather-2.example/de/kyiv?units=c#now",
      "https://xn--80aswg.xn--p1ai/",
      long,
    ]) {
      expect(openCard(sign({ ...fields, exit }), AUTHORITY).exit).toBe(exit);
    }
    for (const exit of [
      "",
      "weather.example",
      "http://weather.example",
      "HTTPS://weather.example",
      "javascript:alert(1)//weather.example",
      "data:text/html,x",
      "https://",
      "https:///x",
      "https://weather",
      "https://weather.example.",
      "https://.example",
      "https://-weather.example",
      "https://weather-.example",
      "https://Weather.example",
      "https://погода.example",
      "https://203.0.113.7",
      "https://[2001:db8::1]/",
      "https://weather.example:8443/",
      "https://somebody@weather.example/",
      "https://weather.example?x",
      "https://weather.example\\x",
      "https://weather.example/a b",
      "https://weather.example/\n",
      "https://weather.example/погода",
      " https://weather.example",
      `${long}x`,
      1,
      ["https://weather.example"],
    ]) {
      expect(codeWith({ exit }), String(exit)).toBe("malformed");
    }
    expect("exit" in openCard(sign(fields), AUTHORITY)).toBe(false);
  });

  it("takes nothing from a prototype", () => {
    const { name, ...rest } = fields;
    const json = `${JSON.stringify(rest).slice(0, -1)},"__proto__":{"name":${JSON.stringify(name)}}}`;
    expect(codeOf(signCard(encodeUtf8(json)))).toBe("malformed");
  });
});
