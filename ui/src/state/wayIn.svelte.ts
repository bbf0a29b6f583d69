/**
 * A link from outside that leads to a thread. Whoever made it may want to mislead, so the person is asked, and told
 * whom it leads to, before the thread is opened.
 */
import type { Bridge } from '../bridge';
import type { ThreadId, ThreadItem } from '../types';
import type { Threads } from './threads.svelte';

export type Question = { kind: 'open'; thread: ThreadItem } | { kind: 'unknown' };

export class WayIn {
  /** The server's address that a link names; whoever is not signed in is offered it. */
  server = $state<string | null>(null);
  #question = $state.raw<Question | null>(null);
  /** Not known on this device, which has not heard everything yet. */
  #waiting: ThreadId | null = null;
  readonly #threads: Threads;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge, threads: Threads) {
    this.#bridge = bridge;
    this.#threads = threads;
  }

  /** What the person is asked now. */
  get question(): Question | null {
    return this.#question;
  }

  async ask(id: ThreadId): Promise<void> {
    this.#waiting = null;
    const thread = await this.#threads.find(id);
    if (!thread && (await this.#bridge.connection()).state === 'connecting') {
      this.#waiting = id;
      return;
    }
    this.#question = thread ? { kind: 'open', thread } : { kind: 'unknown' };
  }

  /** The connection stands or has failed: what is not known now is not there. */
  async settle(): Promise<void> {
    if (this.#waiting) await this.ask(this.#waiting);
  }

  answer(): void {
    this.#question = null;
  }
}
