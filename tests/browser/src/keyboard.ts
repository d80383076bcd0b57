// A person at the desk without a mouse: keys, and where they have led.

import type { Page } from "playwright-core";
import { waitFor } from "./wait.ts";

/** More stops than any state of the desk has. */
const TABS_MAX = 150;

export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(words: string): Promise<void> {
    await this.#page.keyboard.type(words);
  }

  async focusIs(hook: string): Promise<void> {
    await waitFor(
      `the focus on ${hook}`,
      async () => ((await this.#focused()) === hook ? true : undefined),
      5_000,
      () => `see what has it: ${hook}`,
    );
  }

  /** As somebody without a mouse gets there. */
  async tabTo(hook: string): Promise<void> {
    const passed: string[] = [];
    for (let count = 0; count < TABS_MAX; count += 1) {
      const now = await this.#focused();
      if (now === hook) return;
      passed.push(now);
      await this.press("Tab");
    }
    throw new Error(`Tab does not lead to ${hook}, but to ${passed.join(" ")}`);
  }

  /** The hook of what has the focus; its action, where it has none. */
  async #focused(): Promise<string> {
    return await this.#page.evaluate(() => {
      const { test, action } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
      return test ?? action ?? "";
    });
  }
}
