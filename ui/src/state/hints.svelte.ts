/**
 * What a new person is told: one thing at a time, where it matters, and never again once it was put away.
 */
import type { Bridge } from '../bridge';
import type { Hint } from '../bridge/hints';

export type { Hint };

/** Those that a page shows, in this order. */
const SHOWN: readonly Hint[] = ['notices', 'keys'];

export class Hints {
  #now = $state<Hint | null>(null);
  #server = $state<string | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async load(): Promise<void> {
    const { server, seen } = await this.#bridge.first_steps();
    this.#server = server;
    this.#now = SHOWN.find((hint) => !seen.includes(hint)) ?? null;
  }

  /** The one that is shown now. The next one waits for the next window. */
  get now(): Hint | null {
    return this.#now;
  }

  /** Stands in the field for the server's address. */
  get server(): string | null {
    return this.#server;
  }

  async putAway(): Promise<void> {
    const hint = this.#now;
    this.#now = null;
    if (hint) await this.#bridge.hint_seen(hint);
  }
}
