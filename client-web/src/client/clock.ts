// Time that has passed. Not every browser's steady clock goes on while the device sleeps, and the device's own
// clock may be set by somebody at any moment: so the first is believed, and the second where it shows a sleep.

/** Between two readings the clocks differ by less, as coarse as browsers make them. */
const JUMP_MIN_MILLISECONDS = 1_000;

/** Milliseconds since any fixed moment. It never goes back. */
export function createElapsed(steady: () => number, device: () => number): () => number {
  let difference = device() - steady();
  let slept = 0;
  return () => {
    const now = steady();
    const jump = device() - now - difference;
    if (Math.abs(jump) >= JUMP_MIN_MILLISECONDS) {
      difference += jump;
      slept += Math.max(jump, 0);
    }
    return now + slept;
  };
}

const BEAT_MILLISECONDS = 1_000;
/** Browsers slow a hidden page's timers down to one second; what is later than this stood still. */
const SLEPT_MIN_MILLISECONDS = 5_000;

/** Beats about once a second, and says when it stood still for longer: the page was frozen, or the device slept. */
export class Pulse {
  readonly #elapsed: () => number;
  readonly #beat: (hasSlept: boolean) => void;
  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(elapsed: () => number, beat: (hasSlept: boolean) => void) {
    this.#elapsed = elapsed;
    this.#beat = beat;
  }

  start(): void {
    this.stop();
    this.#last = this.#elapsed();
    this.#timer = setInterval(() => this.beat(), BEAT_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** At once, because something has happened: the page came into view, say. */
  beat(): void {
    if (this.#timer === undefined) return;
    const now = this.#elapsed();
    const hasSlept = now - this.#last >= SLEPT_MIN_MILLISECONDS;
    this.#last = now;
    this.#beat(hasSlept);
  }
}
