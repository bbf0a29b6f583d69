/**
 * Tells the other side that one types: at once, again every three seconds, and when it is over.
 */
import type { Bridge } from '../bridge';
import type { ThreadId } from '../types';

/** The other side forgets after five seconds; three leaves room for a slow network. */
const AGAIN_AFTER_MS = 3000;
const OVER_AFTER_MS = 4500;

export class TypingSignal {
  readonly #bridge: Bridge;
  #thread: ThreadId | null = null;
  #saidAt = 0;
  #over: ReturnType<typeof setTimeout> | undefined;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** A key was pressed in the field of this thread, and something stands in it. */
  typed(thread: ThreadId): void {
    if (this.#thread !== null && this.#thread !== thread) this.stop();
    clearTimeout(this.#over);
    this.#over = setTimeout(() => this.stop(), OVER_AFTER_MS);
    if (this.#thread === thread && Date.now() - this.#saidAt < AGAIN_AFTER_MS) return;
    this.#thread = thread;
    this.#saidAt = Date.now();
    this.#say(thread, true);
  }

  /** Sent, emptied or left. */
  stop(): void {
    clearTimeout(this.#over);
    const thread = this.#thread;
    this.#thread = null;
    if (thread !== null) this.#say(thread, false);
  }

  #say(thread: ThreadId, isTyping: boolean): void {
    // A signal that is lost is lost: it is true only for seconds.
    this.#bridge.typing(thread, isTyping).catch(() => undefined);
  }
}
