/**
 * Short words about what just happened. At most three at a time, five seconds each, longer under the pointer.
 */
import { BridgeError } from '../bridge';
import { tCode } from '../l10n.svelte';

export interface ToastItem {
  id: number;
  tone: 'info' | 'danger';
  text: string;
}

const AT_ONCE = 3;
const SHOWN_MS = 5000;

export class Toasts {
  #items = $state.raw<readonly ToastItem[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  get items(): readonly ToastItem[] {
    return this.#items;
  }

  say(text: string, tone: ToastItem['tone'] = 'info'): void {
    const item = { id: this.#next++, tone, text };
    this.#items = [...this.#items, item].slice(-AT_ONCE);
    this.#start(item.id);
  }

  /** A refused call, in the person's language. */
  fail(thrown: unknown): void {
    this.say(sentence(thrown), 'danger');
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#items = this.#items.filter((item) => item.id !== id);
  }

  pause(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  resume(): void {
    for (const item of this.#items) this.#start(item.id);
  }

  #start(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), SHOWN_MS),
    );
  }
}

/** What a refused call says, in the person's language. */
export function sentence(thrown: unknown): string {
  if (!(thrown instanceof BridgeError)) return tCode('error', 'internal');
  const seconds = Math.ceil((thrown.retryAfterMs ?? 0) / 1000);
  return tCode('error', thrown.code, { seconds });
}
