/** Which part of the queue is shown. Kept while settings are in front, and while there is no window. */
import type { App } from '@prilavok/ui/state/app.svelte.ts';
import type { ThreadItem } from '@prilavok/ui/types/index';

export type Tab = 'waiting' | 'all';

export class Desk {
  #tab = $state<Tab>('all');
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    if (app.place.view === 'waiting') this.#tab = 'waiting';
  }

  get tab(): Tab {
    return this.#tab;
  }

  set tab(tab: Tab) {
    this.#tab = tab;
    this.#app.place.view = tab;
  }

  /** The rows of the tab that match the search, the longest wait first. An open thread stays in its place. */
  get shown(): readonly ThreadItem[] {
    const { threads, router } = this.#app;
    const isOnTab = (thread: ThreadItem) =>
      this.tab === 'all' || thread.waiting_since !== null || thread.id === router.thread;
    return threads.matching(threads.queue.filter(isOnTab));
  }

  /** How many rows the tab has, the search not counted. */
  count(tab: Tab): number {
    const { threads } = this.#app;
    return tab === 'waiting' ? threads.waiting : threads.list.length;
  }
}
