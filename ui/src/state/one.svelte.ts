/** One thing that is fetched by its id: a product, a shop, a buyer. An overtaken answer is dropped. */
export class One<Id extends string, T> {
  value = $state.raw<T | null>(null);
  state = $state<'empty' | 'loading' | 'ready' | 'failed'>('empty');
  /** Why it failed, for `sentence`. */
  failure = $state.raw<unknown>(null);

  #id: Id | null = null;
  readonly #fetch: (id: Id) => Promise<T>;

  constructor(fetch: (id: Id) => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Shows this one; `known` is shown until the answer is there. The same id again asks nothing. */
  async show(id: Id | null, known: T | null = null): Promise<void> {
    if (id === this.#id && this.state !== 'failed') return;
    this.#id = id;
    this.value = known;
    this.failure = null;
    this.state = id === null ? 'empty' : 'loading';
    if (id !== null) await this.#ask(id);
  }

  /** Asks once more. */
  async retry(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    this.state = 'loading';
    await this.#ask(id);
  }

  async #ask(id: Id): Promise<void> {
    try {
      const value = await this.#fetch(id);
      if (id !== this.#id) return;
      this.value = value;
      this.state = 'ready';
    } catch (failure) {
      if (id !== this.#id) return;
      this.failure = failure;
      this.state = 'failed';
    }
  }
}
