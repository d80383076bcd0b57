// Headless browsers, and what every page of ours is watched for.

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  firefox,
  type Page,
} from "playwright-core";
import { chromiumPath, firefoxPath } from "./paths.ts";
import type { Language } from "./texts.ts";
import type { Preferences } from "./tor-browser.ts";

export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", ...more] });
}

/** Debian's own Firefox, without anybody's patches: it is spoken with in WebDriver BiDi. */
export function launchFirefox(
  preferences: Preferences = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Browser> {
  return firefox.launch({
    channel: "moz-firefox",
    executablePath: firefoxPath,
    firefoxUserPrefs: { ...preferences },
    env: { ...process.env, ...environment },
  });
}

/** As a browser of that country names them. */
const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", ru: "ru-RU", uk: "uk-UA", ar: "ar-EG" };

/** A person's own browser: nothing in it is shared with another one. */
export function newContext(
  browser: Browser,
  language: Language,
  more: BrowserContextOptions = {},
): Promise<BrowserContext> {
  // Firefox keeps the window and the clock that its preferences give it: what Tor Browser does to them is tested.
  const isFirefox = browser.browserType().name() === "firefox";
  const settings = isFirefox ? { viewport: null } : { timezoneId: "Europe/Kyiv" };
  return browser.newContext({ locale: LOCALES[language] ?? language, ...settings, ...more });
}

/** What a page did that it must not do. */
export interface Watch {
  /** Errors and warnings of the console, uncaught errors, refusals by the Content-Security-Policy, dialogs. */
  readonly problems: string[];
  /** How often the browser asked whether the person really wants to leave the page. They do. */
  leaveQuestions: number;
  /** Every address asked for, sockets included. */
  readonly addresses: string[];
}

export async function watch(page: Page): Promise<Watch> {
  const watched: Watch = { problems: [], leaveQuestions: 0, addresses: [] };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      watched.problems.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => watched.problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("dialog", (dialog) => {
    const asksToLeave = dialog.type() === "beforeunload";
    if (asksToLeave) watched.leaveQuestions += 1;
    else watched.problems.push(`dialog: ${dialog.type()}`);
    (asksToLeave ? dialog.accept() : dialog.dismiss()).catch(() => undefined);
  });
  page.on("request", (request) => watched.addresses.push(request.url()));
  page.on("websocket", (socket) => watched.addresses.push(socket.url()));
  await page.exposeFunction("reportViolation", (directive: string) =>
    watched.problems.push(`content security policy: ${directive}`),
  );
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective }) => {
      (globalThis as unknown as { reportViolation: (directive: string) => void }).reportViolation(
        violatedDirective,
      );
    });
    Object.assign(globalThis, { historyLengthAtStart: history.length });
  });
  return watched;
}

/** What a browser keeps of a page, by name; empty when it keeps nothing. */
export async function storedBy(page: Page): Promise<readonly string[]> {
  const stored = await page.evaluate(async () => [
    ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
    ...(await indexedDB.databases()).map(({ name }) => `indexedDB ${name}`),
    // Firefox refuses to keep any for a page of an onion service without TLS.
    ...(
      await caches.keys().catch((error) => (error.name === "SecurityError" ? [] : [`refused: ${error}`]))
    ).map((name) => `cache ${name}`),
    // Tor Browser has none.
    ...((await navigator.serviceWorker?.getRegistrations()) ?? []).map(
      ({ scope }) => `service worker ${scope}`,
    ),
  ]);
  const cookies = await page.context().cookies();
  return [...stored, ...cookies.map(({ name }) => `cookie ${name}`)];
}

/** The addresses in the tab's own history, as the browser holds them, fragments included. */
export async function historyOf(page: Page): Promise<readonly string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send("Page.getNavigationHistory");
  await devtools.detach();
  return entries.map(({ url }) => url);
}
