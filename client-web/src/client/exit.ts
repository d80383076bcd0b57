// Leaving at once, because somebody is coming: where to, and by which keys.

/**
 * For a service that has chosen no site, or before it is known which service: the weather, from the World
 * Meteorological Organization. It is in many languages, sells nothing, belongs to no country and says nothing
 * about who opens it.
 */
export const NEUTRAL_SITE = "https://worldweather.wmo.int/";

const PRESSES = 3;
const PRESSES_MAX_MILLISECONDS = 2_000;

/** Escape, three times: once closes what a browser or a screen reader has open, and so may the second time. */
export class EscapePresses {
  #times: readonly number[] = [];

  /** Says whether it was the third in two seconds. */
  press(nowMilliseconds: number): boolean {
    this.#times = [...this.#times, nowMilliseconds].slice(-PRESSES);
    const [first] = this.#times;
    if (first === undefined || this.#times.length < PRESSES) return false;
    return nowMilliseconds - first <= PRESSES_MAX_MILLISECONDS;
  }
}
