/**
 * What stands in the field of each thread, unsent. Saved as one types, so that nothing is lost with the window.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { Bridge } from '../bridge';
import { money } from '../format';
import { t } from '../l10n.svelte';
import type { Product, ProductId, ThreadId, ThreadItem } from '../types';

/** Short enough to lose at most a word in a crash, long enough not to write at every letter. */
const SAVE_AFTER_MS = 300;

export class Drafts {
  readonly #texts = new SvelteMap<ThreadId, string>();
  readonly #about = new SvelteMap<ThreadId, Product>();
  readonly #unsaved = new Map<ThreadId, ReturnType<typeof setTimeout>>();
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** What the field of this thread should show. */
  text(thread: ThreadItem): string {
    return this.#texts.get(thread.id) ?? thread.draft ?? '';
  }

  /** The product that the next message of this thread will be about. */
  about(id: ThreadId): Product | null {
    return this.#about.get(id) ?? null;
  }

  productId(id: ThreadId): ProductId | null {
    return this.#about.get(id)?.id ?? null;
  }

  write(id: ThreadId, text: string): void {
    this.#texts.set(id, text);
    clearTimeout(this.#unsaved.get(id));
    this.#unsaved.set(
      id,
      setTimeout(() => void this.#save(id), SAVE_AFTER_MS),
    );
  }

  /** The line about a product is put in the field, never sent by itself; a draft is not overwritten. */
  begin(thread: ThreadItem, product: Product): void {
    this.#about.set(thread.id, product);
    if (this.text(thread).trim() !== '') return;
    const price = money(product.price, product.currency);
    this.write(thread.id, t('composer-about-product', { title: product.title, price }));
  }

  forgetProduct(id: ThreadId): void {
    this.#about.delete(id);
  }

  /** After sending: the field is empty, and so is what is stored. */
  clear(id: ThreadId): void {
    this.#about.delete(id);
    this.#texts.set(id, '');
    void this.#save(id);
  }

  /** Saves what waits; called when a thread or the window is left. */
  async flush(): Promise<void> {
    await Promise.all([...this.#unsaved.keys()].map((id) => this.#save(id)));
  }

  reset(): void {
    for (const timer of this.#unsaved.values()) clearTimeout(timer);
    this.#unsaved.clear();
    this.#texts.clear();
    this.#about.clear();
  }

  async #save(id: ThreadId): Promise<void> {
    clearTimeout(this.#unsaved.get(id));
    this.#unsaved.delete(id);
    // A draft that could not be saved stays in the field; the next letter tries again.
    await this.#bridge.set_draft(id, this.#texts.get(id) ?? '').catch(() => undefined);
  }
}
