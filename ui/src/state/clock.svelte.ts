/**
 * The time, for whatever is on the screen: ticks only while somebody looks at it.
 */
import { createSubscriber } from 'svelte/reactivity';

function ticking(everyMs: number): () => void {
  return createSubscriber((update) => {
    const id = setInterval(update, everyMs);
    return () => clearInterval(id);
  });
}

export class Clock {
  readonly #second = ticking(1000);
  readonly #minute = ticking(30_000);

  /** Now, again every second. */
  get now(): number {
    this.#second();
    return Date.now();
  }

  /** Now, again twice a minute: for days and for times of day. */
  get minute(): number {
    this.#minute();
    return Date.now();
  }
}

/** True for a while after each `touch`. */
export class Recently {
  #active = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #lastsMs: number;

  constructor(lastsMs: number) {
    this.#lastsMs = lastsMs;
  }

  get active(): boolean {
    return this.#active;
  }

  touch(): void {
    this.#active = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#active = false), this.#lastsMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#active = false;
  }
}

/** Says `true` only once something has taken longer than the eye forgives. */
export class Patience {
  #isOver = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A skeleton that flashes is worse than none: nothing is shown for the first 150 ms. */
  static readonly WAIT_MS = 150;

  get isOver(): boolean {
    return this.#isOver;
  }

  begin(): void {
    clearTimeout(this.#timer);
    this.#isOver = false;
    this.#timer = setTimeout(() => (this.#isOver = true), Patience.WAIT_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#isOver = false;
  }
}

/** Does something once nothing has called it off for that long. Returns how to call it off. */
export function rested(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
