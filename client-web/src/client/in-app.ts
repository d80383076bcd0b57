// Browsers inside other apps: they can read along, keep the address, and close the page with the app. They are
// known by what they call themselves and by nothing else: to look for more would be to take fingerprints. An app
// that calls itself a browser is taken for one.

/** Whose browser it is, and the whole link, to be carried out of it. */
export interface InApp {
  /** As the app is called everywhere; not every one says which it is. */
  readonly app: string | undefined;
  readonly address: string;
}

const apps: readonly (readonly [string, RegExp])[] = [
  ["Telegram", /Telegram/],
  ["VK", /\bVK(?:Android|iOS)App\b/],
  ["Instagram", /\bInstagram\b/],
  ["Facebook", /\bFB(?:AN|AV|_IAB)\b/],
  ["WhatsApp", /\bWhatsApp\b/],
  ["TikTok", /TikTok|musical_ly|BytedanceWebview|\btrill_/],
  ["LINE", /\bLine\//],
  ["Viber", /\bViber\b/],
];

/** Android's part for apps says what it is; Apple's leaves out the name of Safari, which every browser there has. */
const unnamed = /; wv\)|AppleWebKit\/(?!.*\bSafari\/)/;

/** Undefined for a real browser. */
export function inApp(userAgent: string, address: string): InApp | undefined {
  const app = apps.find(([, pattern]) => pattern.test(userAgent))?.[0];
  return app !== undefined || unnamed.test(userAgent) ? { app, address } : undefined;
}
