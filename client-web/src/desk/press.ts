// While the mouse is pressed nothing may move under it: what is pressed on and what is let go of would differ, and the
// press would do nothing.

export class Press {
  #isDown = false;
  #later: (() => void) | null = null;

  constructor(target: EventTarget) {
    // A finger's press comes as that of a mouse once it is over. A press that becomes a drag is cancelled.
    for (const name of ["pointerdown", "mousedown"]) {
      target.addEventListener(name, () => this.#begun(), { capture: true });
    }
    for (const name of ["pointerup", "pointercancel", "mouseup"]) {
      target.addEventListener(name, () => this.#ended(), { capture: true });
    }
  }

  /** At once, or when the press that is under way has done what it does. */
  after(act: () => void): void {
    if (this.#isDown) this.#later = act;
    else act();
  }

  #begun(): void {
    this.#isDown = true;
  }

  /** The click comes right after, before any timer. */
  #ended(): void {
    setTimeout(() => {
      this.#isDown = false;
      const later = this.#later;
      this.#later = null;
      later?.();
    }, 0);
  }
}
