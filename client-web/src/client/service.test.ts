import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toHex } from "../protocol/bytes.ts";
import { AUTHORITY, signCard, signLeaflets } from "../protocol/testing.ts";
import { fetchLeaflets } from "./service.ts";

const card = { id: "heat", kind: "leaflet", topic: "danger", title: "Жара", body: "- тень\n- вода" };
const leaflets = { version: 1, issued: 1_795_000_000, language: "ru", cards: [card] };

function bytesOf(content: object): Uint8Array<ArrayBuffer> {
  return signLeaflets(new TextEncoder().encode(JSON.stringify(content)));
}

const none = () => new Response("", { status: 404 });
/** In Russian; in other languages there are none. */
let answer: () => Response;
const asked = vi.fn((url: string, _options: RequestInit) =>
  Promise.resolve(url.endsWith("/ru") ? answer() : none()),
);

beforeEach(() => void vi.stubGlobal("fetch", asked.mockClear()));
afterEach(() => void vi.unstubAllGlobals());

const read = () => fetchLeaflets("https://help.example", AUTHORITY, "ru");

describe("leaflets", () => {
  test("of this service and language are shown, and asked for without a trace", async () => {
    answer = () => new Response(bytesOf(leaflets));
    expect(await read()).toEqual({ language: "ru", stage: "open", writtenIn: "ru", leaflets: [card] });
    const [url, options] = asked.mock.calls[0] ?? [];
    expect(url).toBe(`https://help.example/service/${toHex(AUTHORITY)}/leaflets/ru`);
    expect(options).toMatchObject({ cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  });

  test.each([
    ["of nobody known", () => bytesOf(leaflets).map((byte, i) => (i === 9 ? byte ^ 1 : byte))],
    ["altered on the way", () => bytesOf(leaflets).map((byte, i) => (i === 150 ? byte ^ 1 : byte))],
    ["signed for something else", () => signCard(new TextEncoder().encode(JSON.stringify(leaflets)))],
    ["of another language", () => bytesOf({ ...leaflets, language: "uk" })],
    ["with a card that is none", () => bytesOf({ ...leaflets, cards: [{ ...card, title: "" }] })],
    ["empty", () => new Uint8Array(0)],
  ])("%s are not shown", async (_, bytes) => {
    answer = () => new Response(bytes());
    expect(await read()).toEqual({ language: "ru", stage: "unproven" });
  });

  test.each([
    ["a relay that has none", none, "none"],
    ["a service that has none", () => new Response(bytesOf({ ...leaflets, cards: [] })), "none"],
    ["a relay that is ill", () => new Response("", { status: 500 }), "unreachable"],
    ["no network", () => Response.error(), "unreachable"],
  ])("of %s are told apart", async (_, response, stage) => {
    answer = response;
    expect(await read()).toEqual({ language: "ru", stage });
  });

  test("are read in a language that stands in for one in which there are none", async () => {
    const readKazakh = () => fetchLeaflets("https://help.example", AUTHORITY, "kk");
    answer = () => new Response(bytesOf(leaflets));
    const open = { stage: "open", writtenIn: "ru", leaflets: [card] };
    expect(await readKazakh()).toEqual({ language: "kk", ...open });
    answer = none;
    expect(await readKazakh()).toEqual({ language: "kk", stage: "none" });
    const languages = asked.mock.calls.map(([url]) => url.slice(-2));
    expect(languages).toEqual(["kk", "ru", "kk", "ru", "en"]);
  });
});
