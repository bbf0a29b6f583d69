/**
 * What stands in the field of each thread, unsent. Saved as one types, so that nothing is lost with the window, and
 * nothing that another device has put there meanwhile is overwritten: the engine keeps both.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { Bridge } from '../bridge';
import { money } from '../format';
import { t } from '../l10n.svelte';
import type { DraftChoice, MessageId, Product, ProductId, ThreadId, ThreadItem } from '../types';

/** From the first letter that is not saved: at most so much is lost in a crash, however long one types. */
const SAVE_AFTER_MS = 250;

interface Typed {
  readonly text: string;
  readonly caret: number;
  /** Which filling of the field was typed into; the engine says when there is another. */
  readonly filled: number;
}

export class Drafts {
  readonly #typed = new SvelteMap<ThreadId, Typed>();
  readonly #about = new SvelteMap<ThreadId, Product>();
  readonly #unsaved = new Map<ThreadId, ReturnType<typeof setTimeout>>();
  readonly #saving = new Map<ThreadId, Promise<void>>();
  readonly #bridge: Bridge;
  readonly #thread: (id: ThreadId) => ThreadItem | null;

  constructor(bridge: Bridge, thread: (id: ThreadId) => ThreadItem | null) {
    this.#bridge = bridge;
    this.#thread = thread;
  }

  /** What the field of this thread should show. */
  text(thread: ThreadItem): string {
    return this.#typed.get(thread.id)?.text ?? thread.draft ?? '';
  }

  /** Where its caret should stand. */
  caret(thread: ThreadItem): number {
    return this.#typed.get(thread.id)?.caret ?? thread.draft_caret;
  }

  /** What a row of the list says of it: the field's, or else what waits from another device. */
  preview(thread: ThreadItem): string {
    const text = this.text(thread);
    return text.trim() === '' ? (thread.other_draft ?? '') : text;
  }

  /** The product that the next message of this thread will be about. */
  about(id: ThreadId): Product | null {
    return this.#about.get(id) ?? null;
  }

  productId(id: ThreadId): ProductId | null {
    return this.#about.get(id)?.id ?? null;
  }

  write(thread: ThreadItem, text: string, caret: number = text.length): void {
    const { id } = thread;
    const before = this.#typed.get(id);
    if (before ? before.text === text && before.caret === caret : this.#isAsKept(thread, text, caret)) return;
    this.#typed.set(id, { text, caret, filled: before?.filled ?? thread.draft_filled });
    if (this.#unsaved.has(id)) return;
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
    this.write(thread, t('composer-about-product', { title: product.title, price }));
  }

  forgetProduct(id: ThreadId): void {
    this.#about.delete(id);
  }

  /**
   * Before sending: the field is empty at once, but its text is saved first. The engine removes it in the same step
   * in which it queues the message, so that no crash finds neither.
   */
  async handOver(thread: ThreadItem): Promise<void> {
    const { id } = thread;
    const last: Typed = {
      text: this.text(thread),
      caret: this.caret(thread),
      filled: this.#typed.get(id)?.filled ?? thread.draft_filled,
    };
    this.#about.delete(id);
    clearTimeout(this.#unsaved.get(id));
    this.#unsaved.delete(id);
    this.#typed.set(id, { text: '', caret: 0, filled: last.filled });
    await this.#saving.get(id);
    await this.#set(id, last);
  }

  /** What becomes of the text of another device. */
  async choose(thread: ThreadItem, choice: DraftChoice): Promise<void> {
    await this.#settle(thread.id);
    this.#typed.delete(thread.id);
    await this.#bridge.choose_draft(thread.id, choice);
  }

  /** A message that could not be sent goes back into the field, below what stands there. False: it is on its way. */
  async edit(thread: ThreadItem, message: MessageId): Promise<boolean> {
    await this.#settle(thread.id);
    return this.#bridge.edit(message);
  }

  /** A thread is told anew: a field that is not being typed into shows what the engine has put there. */
  apply(thread: ThreadItem): void {
    const typed = this.#typed.get(thread.id);
    const isBusy = this.#unsaved.has(thread.id) || this.#saving.has(thread.id);
    if (typed && !isBusy && typed.filled !== thread.draft_filled) this.#typed.delete(thread.id);
  }

  /** Saves what waits; called when a field, a thread or the window is left. */
  async flush(): Promise<void> {
    await Promise.all([...this.#unsaved.keys()].map((id) => this.#save(id)));
    await Promise.all(this.#saving.values());
  }

  reset(): void {
    for (const timer of this.#unsaved.values()) clearTimeout(timer);
    this.#unsaved.clear();
    this.#typed.clear();
    this.#about.clear();
  }

  #isAsKept(thread: ThreadItem, text: string, caret: number): boolean {
    return text === (thread.draft ?? '') && (caret === thread.draft_caret || text === '');
  }

  async #settle(id: ThreadId): Promise<void> {
    if (this.#unsaved.has(id)) await this.#save(id);
    await this.#saving.get(id);
  }

  async #save(id: ThreadId): Promise<void> {
    clearTimeout(this.#unsaved.get(id));
    this.#unsaved.delete(id);
    const typed = this.#typed.get(id);
    if (!typed) return;
    // One after the other: an older text must not arrive last.
    const saving = (this.#saving.get(id) ?? Promise.resolve()).then(() => this.#set(id, typed));
    this.#saving.set(id, saving);
    await saving;
    if (this.#saving.get(id) !== saving) return;
    this.#saving.delete(id);
    const thread = this.#thread(id);
    if (thread) this.apply(thread);
  }

  /** A draft that could not be saved stays in the field; the next letter tries again. */
  #set(id: ThreadId, { text, caret, filled }: Typed): Promise<void> {
    return this.#bridge.set_draft(id, text, caret, filled).catch(() => undefined);
  }
}
