import { expect, test } from "vitest";
import { placeOf } from "./place.ts";

const relay = "https://relay.example";
const onion = "http://abcdefgh.onion";

test("a page that its relay served names none", () => {
  expect(placeOf(relay, "")).toEqual({ relay, page: relay, isApart: false });
});

test("a page from elsewhere speaks to the relay that it names", () => {
  const page = "https://page.example";
  expect(placeOf(page, relay)).toEqual({ relay, page, isApart: true });
  expect(placeOf(page, `${onion} ${relay}`).relay).toBe(relay);
});

test("who came by way of Tor stays there, where the relay has an address for that", () => {
  const page = "http://pagepage.onion:8080";
  expect(placeOf(page, `${relay} ${onion}`).relay).toBe(onion);
  expect(placeOf(page, relay).relay).toBe(relay);
});

test("at one of the relay's own addresses the page is the relay's own", () => {
  expect(placeOf(onion, `${relay} ${onion}`)).toEqual({ relay: onion, page: onion, isApart: false });
});
