import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "./bytes.ts";
import { type ClientFrame, decodeFrame, decodeFrameFromRelay, encodeFrame, FrameError } from "./frame.ts";

const open: ClientFrame = {
  type: "open",
  authority: new Uint8Array(32).fill(0xa1),
  token: new Uint8Array(85).fill(0xa2),
  opening: new Uint8Array(2048).fill(0xa3),
};

const ANNOTATED: readonly (readonly [string, ClientFrame])[] = [
  ["01" + "6afd4dc0", { type: "relay_time", time: 0x6afd4dc0 }],
  [`02${"a1".repeat(32)}${"a2".repeat(85)}${"a3".repeat(2048)}`, open],
  ["03" + "01", { type: "waiting", wait: "now" }],
  ["03" + "02", { type: "waiting", wait: "soon" }],
  ["03" + "03", { type: "waiting", wait: "long" }],
  ["03" + "04", { type: "waiting", wait: "nobody" }],
  ["03" + "05", { type: "waiting", wait: "held" }],
  ["04", { type: "matched" }],
  [`05${"a5".repeat(16)}12`, { type: "puzzle", seed: new Uint8Array(16).fill(0xa5), bits: 18 }],
  [`06${"a6".repeat(8)}`, { type: "solution", nonce: new Uint8Array(8).fill(0xa6) }],
  [`2801${"a4".repeat(32)}`, { type: "rejoin", route: new Uint8Array(32).fill(0xa4) }],
  ["29", { type: "alone" }],
  ["2a", { type: "joined" }],
];

describe("frames", () => {
  it("are written and read as the table says", () => {
    for (const [hex, frame] of ANNOTATED) {
      expect(toHex(encodeFrame(frame))).toBe(hex);
      expect(decodeFrame(fromHex(hex))).toEqual(frame);
    }
  });

  it("are refused longer or shorter", () => {
    for (const [hex] of ANNOTATED) {
      expect(() => decodeFrame(fromHex(`${hex}00`))).toThrow(FrameError);
      expect(() => decodeFrame(fromHex(hex.slice(0, -2)))).toThrow(FrameError);
    }
  });

  it("are refused with an unknown type, wait or side", () => {
    const known = ANNOTATED.map(([hex]) => fromHex(hex)[0]);
    for (let type = 0; type < 256; type += 1) {
      if (!known.includes(type)) expect(() => decodeFrame(new Uint8Array(5).fill(type))).toThrow(FrameError);
    }
    expect(() => decodeFrame(fromHex("0300"))).toThrow(FrameError);
    expect(() => decodeFrame(fromHex("0306"))).toThrow(FrameError);
    for (const bits of ["00", "13", "ff"]) {
      expect(() => decodeFrame(fromHex(`05${"a5".repeat(16)}${bits}`))).toThrow(FrameError);
    }
    for (const side of ["00", "02", "03"]) {
      expect(() => decodeFrame(fromHex(`28${side}${"a4".repeat(32)}`))).toThrow(FrameError);
    }
  });

  it("from a relay are never a client's", () => {
    const rejoin: ClientFrame = { type: "rejoin", route: new Uint8Array(32) };
    const solution: ClientFrame = { type: "solution", nonce: new Uint8Array(8) };
    for (const frame of [open, rejoin, solution]) {
      expect(() => decodeFrameFromRelay(encodeFrame(frame))).toThrow(FrameError);
    }
    expect(decodeFrameFromRelay(fromHex("04"))).toEqual({ type: "matched" });
  });

  it("never have the size of a cell", () => {
    for (const [hex] of ANNOTATED) expect(hex.length / 2).not.toBe(1024);
  });

  it("are not written with a field of a wrong size", () => {
    expect(() => encodeFrame({ ...open, token: new Uint8Array(84) })).toThrow(RangeError);
    expect(() => encodeFrame({ type: "relay_time", time: 2 ** 32 })).toThrow(RangeError);
  });
});
