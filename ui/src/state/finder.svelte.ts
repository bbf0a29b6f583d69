/**
 * The search within one thread. Hits come newest first: the first is the newest, «next» goes to older ones and starts
 * again after the oldest. The engine asks the server, or searches what this device holds and says so.
 */
import type { Bridge } from '../bridge';
import type { Mark } from '../marks';
import type { Found, Hit, MessageId, ThreadId } from '../types';
import { rested } from './clock.svelte';

/** Nobody means the letters that are typed faster than this. */
const REST_MS = 150;

const NOTHING: Found = { hits: [], total: 0, is_partial: false };

export class Finder {
  readonly #bridge: Bridge;
  readonly #threadId: ThreadId;
  #text = $state('');
  #found = $state.raw<Found | null>(null);
  #at = $state(0);
  #jumps = $state(0);
  #failure = $state.raw<unknown>(null);
  /** Answers to what was asked before the newest question are late. */
  #asked = 0;
  #isLoading = false;
  #callOff: () => void = () => undefined;
  readonly #marks = $derived(new Map((this.#found?.hits ?? []).map((hit) => [hit.id, hit.marks])));

  constructor(bridge: Bridge, threadId: ThreadId) {
    this.#bridge = bridge;
    this.#threadId = threadId;
  }

  get text(): string {
    return this.#text;
  }
  /** What was found; `null` until there is an answer. */
  get found(): Found | null {
    return this.#found;
  }
  get failure(): unknown {
    return this.#failure;
  }
  /** The place of the current hit among all, from 1. */
  get place(): number {
    return this.#at + 1;
  }
  get current(): Hit | null {
    return this.#found?.hits[this.#at] ?? null;
  }
  /** Counts how often the log was asked to show the current hit. */
  get jumps(): number {
    return this.#jumps;
  }

  /** Where a message says what was searched for. */
  marks(id: MessageId): readonly Mark[] {
    return this.#marks.get(id) ?? [];
  }

  /** Searches once the typing rests. */
  type(text: string): void {
    this.#text = text;
    this.#callOff();
    if (text.trim() === '') return this.#forget();
    this.#callOff = rested(REST_MS, () => void this.#search());
  }

  /** Enter right after typing means these letters too. */
  async older(): Promise<void> {
    if (this.#found === null) return this.#search();
    const { hits, total } = this.#found;
    if (this.#at + 1 >= hits.length && hits.length < total) await this.#more();
    this.#go(this.#at + 1);
  }

  async newer(): Promise<void> {
    if (this.#found === null) return this.#search();
    while (this.#at === 0 && this.#found.hits.length < this.#found.total) {
      if (!(await this.#more())) break;
    }
    this.#go(this.#at - 1);
  }

  /** The same question again: the line has come back. */
  async again(): Promise<void> {
    if (this.#found?.is_partial) await this.#search();
  }

  /** The bar is closed: nothing is marked any more. */
  close(): void {
    this.#callOff();
    this.#text = '';
    this.#forget();
  }

  #forget(): void {
    this.#asked += 1;
    this.#found = null;
    this.#failure = null;
    this.#at = 0;
  }

  async #search(): Promise<void> {
    this.#callOff();
    const text = this.#text.trim();
    if (text === '') return;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const found = await this.#bridge.search(this.#threadId, text, null);
      if (asked !== this.#asked) return;
      this.#found = found;
      this.#failure = null;
      this.#at = 0;
      if (found.hits.length > 0) this.#jumps += 1;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#found = NOTHING;
      this.#failure = thrown;
    }
  }

  /** The next page. False when there is none. */
  async #more(): Promise<boolean> {
    const last = this.#found?.hits.at(-1);
    if (!this.#found || !last || this.#isLoading) return false;
    const asked = this.#asked;
    this.#isLoading = true;
    try {
      const page = await this.#bridge.search(this.#threadId, this.#text.trim(), last.seq);
      if (asked !== this.#asked || page.hits.length === 0) return false;
      this.#found = { ...this.#found, hits: [...this.#found.hits, ...page.hits] };
      return true;
    } catch (thrown) {
      this.#failure = thrown;
      return false;
    } finally {
      this.#isLoading = false;
    }
  }

  #go(to: number): void {
    const count = this.#found?.hits.length ?? 0;
    if (count === 0) return;
    this.#at = (to + count) % count;
    this.#jumps += 1;
  }
}
