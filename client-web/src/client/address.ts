// The first thing that runs, before anything that an old browser could stumble over: the link must not stay
// in the address bar, in the tab's history or on a screenshot. So this file imports nothing.

export const fragment = location.hash;
putInAddressBar("");

/** In place of the fragment that is there. The address loses whatever an app has appended to follow people. */
export function putInAddressBar(other: string): void {
  history.replaceState(null, "", location.pathname + other);
}
