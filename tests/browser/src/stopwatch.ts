// Measures in the pages themselves, by the one clock of this machine: from the key that sends to the end of the frame
// in which the words are on the desk's screen, and on the client's.

import type { Page } from "playwright-core";

/** Runs in a page, and tells when words are painted. */
function tellPainted(selector: string): void {
  const told = new Set<string>();
  const { painted } = globalThis as unknown as { painted: (text: string, at: number) => void };
  const see = (element: Element): void => {
    const text = element.textContent ?? "";
    if (text === "" || told.has(text)) return;
    told.add(text);
    // The frame that is begun here is laid out and painted before any timer runs.
    requestAnimationFrame(() => setTimeout(() => painted(text, Date.now())));
  };
  // Only what changed is looked at: to look at everything would slow down what is measured.
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const around = target instanceof Element ? target : target.parentElement;
      const within = around?.closest(selector);
      if (within != null) see(within);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(selector)) see(node);
        node.querySelectorAll(selector).forEach(see);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}

/** Runs in the desk page, and tells when Enter was pressed, and on which words. */
function tellSent(): void {
  const { sent } = globalThis as unknown as { sent: (text: string, at: number) => void };
  addEventListener(
    "keydown",
    ({ key, target, timeStamp }) => {
      if (key !== "Enter" || !(target instanceof HTMLTextAreaElement)) return;
      sent(target.value.trim(), performance.timeOrigin + timeStamp);
    },
    { capture: true },
  );
}

export class Stopwatch {
  readonly #sent = new Map<string, number>();
  readonly #own: number[] = [];
  readonly #atClient: number[] = [];
  /** What was painted before the page told that it was sent. */
  readonly #waiting: (() => void)[] = [];

  static async on(desk: Page): Promise<Stopwatch> {
    const stopwatch = new Stopwatch();
    await desk.exposeFunction("sent", (text: string, at: number) => stopwatch.#sent.set(text, at));
    await stopwatch.#watch(desk, '[data-test="message"][data-from="worker"] .message-text', stopwatch.#own);
    await desk.evaluate(tellSent);
    return stopwatch;
  }

  async watchClient(client: Page): Promise<void> {
    await this.#watch(client, '[data-test="message"][data-from="advisor"] .message-text', this.#atClient);
  }

  figures(): { readonly own: Figures; readonly atClient: Figures } {
    for (const settle of this.#waiting.splice(0)) settle();
    return { own: figuresOf(this.#own), atClient: figuresOf(this.#atClient) };
  }

  async #watch(page: Page, selector: string, into: number[]): Promise<void> {
    await page.exposeFunction("painted", (text: string, at: number) => {
      this.#waiting.push(() => {
        const sentAt = this.#sent.get(text);
        if (sentAt !== undefined) into.push(at - sentAt);
      });
    });
    await page.evaluate(tellPainted, selector);
  }
}

export interface Figures {
  readonly count: number;
  readonly p95Ms: number;
  readonly text: string;
}

function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const [median, p95Ms, longest] = [at(0.5), at(0.95), at(1)].map((value) => Math.round(value)) as [
    number,
    number,
    number,
  ];
  return { count: sorted.length, p95Ms, text: `median ${median}, p95 ${p95Ms}, longest ${longest} ms` };
}
