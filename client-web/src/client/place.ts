// Where the page came from, and which relay it speaks to: the one that served it, or, where another web server or a
// file has the page, the one that it names.

export interface Place {
  /** The relay's origin, to which both ends of a consultation are bound. */
  readonly relay: string;
  /** Where links are opened. */
  readonly page: string;
  /** The relay did not serve this page, and may not know it. */
  readonly isApart: boolean;
}

/** `named`: the relay's addresses as the page was given them, with spaces between; nothing if the relay served it. */
export function placeOf(page: string, named: string): Place {
  const relays = named.split(" ").filter((origin) => origin !== "");
  // Who came by way of Tor stays there, and nobody else could go there.
  const alike = relays.find((origin) => isOnion(origin) === isOnion(page));
  const relay = relays.find((origin) => origin === page) ?? alike ?? relays[0] ?? page;
  return { relay, page, isApart: relay !== page };
}

export function isOnion(origin: string): boolean {
  return /\.onion(?::|$)/.test(origin);
}
