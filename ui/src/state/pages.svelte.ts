/**
 * A long list that is fetched page by page. An answer overtaken by a newer question is dropped, so what is
 * shown always belongs to what was asked last.
 */
import type { CataloguePage } from '../types';

/** Rows a page: three rows of cards on a wide screen, and one round trip on a narrow one. */
const PAGE = 24;

export class Pages<T> {
  items = $state.raw<readonly T[]>([]);
  total = $state(0);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  /** Why it failed, for `sentence`. */
  failure = $state.raw<unknown>(null);

  #turn = 0;
  readonly #fetch: (offset: number, limit: number) => Promise<CataloguePage<T>>;

  constructor(fetch: (offset: number, limit: number) => Promise<CataloguePage<T>>) {
    this.#fetch = fetch;
  }

  get hasMore(): boolean {
    return this.state === 'ready' && this.items.length < this.total;
  }

  /** Asks again from the top. What was shown stays until the answer is there. */
  async restart(): Promise<void> {
    await this.#ask(0);
  }

  /** The next page; nothing while one is under way. */
  async more(): Promise<void> {
    if (this.hasMore) await this.#ask(this.items.length);
  }

  /** Asks for what failed once more. */
  async retry(): Promise<void> {
    await this.#ask(this.items.length);
  }

  async #ask(offset: number): Promise<void> {
    const turn = ++this.#turn;
    this.state = 'loading';
    try {
      const page = await this.#fetch(offset, PAGE);
      if (turn !== this.#turn) return;
      this.items = offset === 0 ? page.items : [...this.items, ...page.items];
      // A page without rows is the end, whatever the total says: otherwise the list would ask for ever.
      this.total = page.items.length === 0 ? this.items.length : page.total;
      this.state = 'ready';
      this.failure = null;
    } catch (failure) {
      if (turn !== this.#turn) return;
      this.failure = failure;
      this.state = 'failed';
    }
  }
}
