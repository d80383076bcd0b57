import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseLink } from "../protocol/link.ts";
import { issueLinkText, ORIGIN } from "../protocol/testing.ts";
import { inApp } from "./in-app.ts";
import { Bench } from "./testing.ts";

const android = (more: string, version = "") =>
  `Mozilla/5.0 (Linux; Android 14; Pixel 8${version}) AppleWebKit/537.36 (KHTML, like Gecko) ${more}`;
const chrome = "Chrome/124.0.0.0 Mobile Safari/537.36";
const view = `Version/4.0 ${chrome}`;
const iphone = (more: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${more}`;

/** As seen in the wild and written down in public repositories, with other numbers. */
const apps: readonly (readonly [string | undefined, string])[] = [
  ["Telegram", android(`${chrome} Telegram-Android/11.4.3 (Google Pixel 8; Android 14; SDK 34; AVERAGE)`)],
  ["Telegram", iphone("Mobile/15E148 Telegram-iOS/11.2")],
  ["VK", android(`${view} VKAndroidApp/8.50-19876 (Android 14; SDK 34; arm64-v8a; ru)`, "; wv")],
  ["VK", iphone("Mobile/15E148 VKiOSApp/8.60")],
  ["Instagram", android(`${view} Instagram 330.0.0.40.92 Android (34/14; 420dpi)`, "; wv")],
  ["Instagram", iphone("Mobile/15E148 Instagram 330.0.0.0 (iPhone14,5; iOS 17_4)")],
  ["Facebook", android(`${view} [FB_IAB/FB4A;FBAV/460.0.0.48.109;]`, "; wv")],
  ["Facebook", iphone("Mobile/15E148 [FBAN/FBIOS;FBAV/460.0.0.34.109;FBBV/0]")],
  ["WhatsApp", android(`${view} WhatsApp/2.24.9.78`, "; wv")],
  ["TikTok", iphone("Mobile/15E148 musical_ly_34.1.0 JsSdk/2.0 BytedanceWebview/d8a21c6")],
  ["TikTok", android(`${view} trill_340104 BytedanceWebview/d8a21c6`, "; wv")],
  ["LINE", android(`${view} Line/14.6.1/IAB`, "; wv")],
  ["LINE", iphone("Mobile/15E148 Safari Line/14.6.1")],
  ["Viber", android(`${view} Viber/22.5.0`, "; wv")],
  [undefined, android(view, "; wv")],
  [undefined, iphone("Mobile/15E148")],
  [undefined, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"],
];

const browsers: readonly string[] = [
  android(chrome),
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
  android(`SamsungBrowser/25.0 ${chrome}`),
  android(`Version/4.0 ${chrome} XiaoMi/MiuiBrowser/14.4.2-gn`),
  android(`${chrome} YaBrowser/24.4.1.100.00`),
  android(`${chrome} DuckDuckGo/5`),
  "Mozilla/5.0 (Android 10; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
  "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0",
  iphone("Version/17.4 Mobile/15E148 Safari/604.1"),
  iphone("CriOS/124.0.6367.71 Mobile/15E148 Safari/604.1"),
  iphone("FxiOS/125.0 Mobile/15E148 Safari/605.1.15"),
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
  "Mozilla/5.0 (Linux; U; Android 4.1.2; ru-ru) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
  "",
];

test.each(apps)("%s is recognised: %s", (app, userAgent) => {
  expect(inApp(userAgent, "a")).toEqual({ app, address: "a" });
});

test.each(browsers)("a browser is none: %s", (userAgent) => {
  expect(inApp(userAgent, "a")).toBeUndefined();
});

describe("in an app's browser", () => {
  const link = issueLinkText();
  const address = `${ORIGIN}/#${link}`;
  let bench: Bench;

  beforeEach(() => {
    vi.useFakeTimers();
    bench = new Bench();
    bench.inApp = { app: "Telegram", address };
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test("the person is told before anything is fetched or sent, and is given the whole link", async () => {
    const fetchCard = vi.spyOn(bench, "fetchCard");
    await bench.toWelcome();
    expect(bench.state).toEqual({ status: "in-app", app: "Telegram", address });
    expect(parseLink(address.split("#")[1] ?? "")).toEqual(parseLink(link));
    bench.visit.start("ru");
    bench.visit.comeOnline();
    bench.visit.wake();
    await bench.passes(600_000);
    expect(bench.state?.status).toBe("in-app");
    expect(fetchCard).not.toHaveBeenCalled();
    expect(bench.sockets).toEqual([]);
    // The app's own "open in a browser" takes the address bar's.
    expect(bench.fragments).toEqual([`#${link}`]);
  });

  test("a person who stays goes on as in any browser, and the link leaves the address bar", async () => {
    await bench.toWelcome();
    bench.visit.stayInApp();
    await bench.passes(0);
    expect(bench.fragments).toEqual([`#${link}`, ""]);
    expect(bench.state?.status).toBe("welcome");
    bench.visit.stayInApp();
    expect(bench.state?.status).toBe("welcome");
    bench.visit.start("ru");
    expect(bench.sockets).toHaveLength(1);
  });

  test("a link that is of no use is called so, and not carried anywhere", async () => {
    await bench.toWelcome("#damaged");
    expect(bench.state?.status).toBe("link-damaged");
    expect(bench.fragments).toEqual([]);
  });

  test("a quick exit leaves nothing to stay with", async () => {
    await bench.toWelcome();
    bench.visit.exit();
    bench.visit.stayInApp();
    await bench.passes(1_000);
    expect(bench.states.map(({ status }) => status)).toEqual(["checking", "in-app"]);
  });
});
