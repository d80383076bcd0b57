import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createElapsed, Pulse } from "./clock.ts";

describe("elapsed time", () => {
  let [steady, device] = [0, 0];
  const elapsed = (): (() => number) =>
    createElapsed(
      () => steady,
      () => device,
    );

  beforeEach(() => {
    [steady, device] = [50, 1_795_000_000_000];
  });

  test("is that of the steady clock, however coarse the other is", () => {
    const now = elapsed();
    const first = now();
    for (let step = 1; step <= 100; step += 1) {
      steady += 100;
      device += step % 2 === 0 ? 200 : 0;
      expect(now() - first).toBe(step * 100);
    }
  });

  test("counts a sleep that the steady clock does not see", () => {
    const now = elapsed();
    const first = now();
    device += 600_000;
    expect(now() - first).toBe(600_000);
    steady += 10;
    device += 10;
    expect(now() - first).toBe(600_010);
  });

  test("never goes back when somebody sets the device's clock back, and sees the next sleep", () => {
    const now = elapsed();
    const first = now();
    device -= 3_600_000;
    expect(now() - first).toBe(0);
    device += 30_000;
    expect(now() - first).toBe(30_000);
  });
});

describe("the pulse", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("beats each second, and says once that it stood still", () => {
    let slept = 0;
    const beats: boolean[] = [];
    const pulse = new Pulse(
      () => Date.now() + slept,
      (hasSlept) => beats.push(hasSlept),
    );
    pulse.beat();
    expect(beats).toEqual([]);
    pulse.start();
    vi.advanceTimersByTime(2_000);
    slept = 5_000;
    vi.advanceTimersByTime(2_000);
    pulse.stop();
    vi.advanceTimersByTime(2_000);
    expect(beats).toEqual([false, false, true, false]);
  });
});
