/**
 * All threads of the person, newest activity first. Updates are upserts by id.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import type { Bridge } from '../bridge';
import { cleanName } from '../text';
import type { ThreadId, ThreadItem } from '../types';
import { Patience } from './clock.svelte';

/** Typing ends by itself when the other side falls silent. */
const TYPING_MS = 6000;

export class Threads {
  readonly #byId = new SvelteMap<ThreadId, ThreadItem>();
  readonly #typing = new SvelteSet<ThreadId>();
  readonly #typingEnds = new Map<ThreadId, ReturnType<typeof setTimeout>>();
  readonly #bridge: Bridge;
  readonly #patience = new Patience();
  #isLoaded = $state(false);
  #unread = $state(0);
  #search = $state('');

  readonly list: readonly ThreadItem[] = $derived.by(() =>
    [...this.#byId.values()].toSorted((left, right) => right.activity_ms - left.activity_ms),
  );

  /** A seller's order: whoever waits longest first, then the rest by activity. */
  readonly queue: readonly ThreadItem[] = $derived.by(() => {
    const waiting = this.list.filter((thread) => thread.waiting_since !== null);
    const rest = this.list.filter((thread) => thread.waiting_since === null);
    return [...waiting.toSorted((left, right) => waits(left) - waits(right)), ...rest];
  });

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Loading has taken long enough for a skeleton. */
  get isSlow(): boolean {
    return !this.#isLoaded && this.#patience.isOver;
  }

  /** One value for list, title and badge. */
  get unread(): number {
    return this.#unread;
  }

  get search(): string {
    return this.#search;
  }

  set search(text: string) {
    this.#search = text;
  }

  /** How many wait for an answer. */
  get waiting(): number {
    return this.list.filter((thread) => thread.waiting_since !== null).length;
  }

  get(id: ThreadId): ThreadItem | null {
    return this.#byId.get(id) ?? null;
  }

  isTyping(id: ThreadId): boolean {
    return this.#typing.has(id);
  }

  /** The rows that match what is searched for. */
  matching(threads: readonly ThreadItem[]): readonly ThreadItem[] {
    const wanted = folded(this.#search.trim());
    if (wanted === '') return threads;
    return threads.filter((thread) =>
      folded(`${cleanName(thread.counterpart.name)} ${thread.last_message ?? ''}`).includes(wanted),
    );
  }

  async load(): Promise<void> {
    this.#patience.begin();
    try {
      const [threads, unread] = await Promise.all([this.#bridge.threads(), this.#bridge.unread()]);
      this.#byId.clear();
      for (const thread of threads) this.#byId.set(thread.id, thread);
      this.#unread = unread;
      this.#isLoaded = true;
    } finally {
      this.#patience.end();
    }
  }

  /** Makes sure that a thread is here, e.g. one that a notice names. */
  async find(id: ThreadId): Promise<ThreadItem | null> {
    const known = this.#byId.get(id);
    if (known) return known;
    const thread = await this.#bridge.thread(id);
    if (thread) this.apply(thread);
    return thread;
  }

  apply(thread: ThreadItem): void {
    this.#byId.set(thread.id, thread);
  }

  applyUnread(total: number): void {
    this.#unread = total;
  }

  applyTyping(id: ThreadId, isTyping: boolean): void {
    clearTimeout(this.#typingEnds.get(id));
    this.#typingEnds.delete(id);
    if (!isTyping) {
      this.#typing.delete(id);
      return;
    }
    this.#typing.add(id);
    this.#typingEnds.set(
      id,
      setTimeout(() => this.applyTyping(id, false), TYPING_MS),
    );
  }

  reset(): void {
    this.#byId.clear();
    for (const timer of this.#typingEnds.values()) clearTimeout(timer);
    this.#typingEnds.clear();
    this.#typing.clear();
    this.#isLoaded = false;
    this.#unread = 0;
    this.#search = '';
  }
}

function waits(thread: ThreadItem): number {
  return thread.waiting_since === null ? Infinity : Date.parse(thread.waiting_since);
}

function folded(text: string): string {
  return text.toLocaleLowerCase().replaceAll('ё', 'е');
}
