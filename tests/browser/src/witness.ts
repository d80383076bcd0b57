// Looks at a page every tenth of a second and writes down what it told its person, to be compared with the truth.

import type { Page } from "playwright-core";
import { waitFor } from "./wait.ts";

export interface Sight {
  /** `Date.now()`, the same clock as the test's. */
  readonly at: number;
  /** What the page says about the line; undefined when no conversation is shown. */
  readonly line: string | undefined;
  readonly delivered: number;
  readonly underway: number;
}

const LOOK_EVERY_MS = 100;

type Witnessing = typeof globalThis & { sights: Sight[] };

export class Witness {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** `where` is the element with `data-line`. It works without any network. */
  static async of(page: Page, where: string): Promise<Witness> {
    await page.evaluate(
      ({ where, every }) => {
        const sights: Sight[] = [];
        (globalThis as Witnessing).sights = sights;
        const count = (marks: string): number => document.querySelectorAll(marks).length;
        setInterval(() => {
          sights.push({
            at: Date.now(),
            line: document.querySelector<HTMLElement>(where)?.dataset.line,
            delivered: count('[data-test="delivered"], [data-delivered="true"]'),
            underway: count('[data-test="underway"], [data-delivered="false"]'),
          });
        }, every);
      },
      { where, every: LOOK_EVERY_MS },
    );
    return new Witness(page);
  }

  async sights(from = 0, to = Number.POSITIVE_INFINITY): Promise<readonly Sight[]> {
    const all = await this.#page.evaluate(() => (globalThis as Witnessing).sights);
    return all.filter(({ at }) => at >= from && at <= to);
  }

  /** Milliseconds from a moment until the line was shown so, as it is by now or soon. */
  async shownAfter(line: string, from: number): Promise<number> {
    return await waitFor(`the line to be seen as ${line}`, async () => {
      const first = (await this.sights(from)).find((sight) => sight.line === line);
      return first === undefined ? undefined : first.at - from;
    });
  }
}
