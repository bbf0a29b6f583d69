/**
 * Where the person is. Kept in memory: a desktop app has no address bar, but it has a way back.
 */
import type { BuyerId, ProductId, SellerId, ThreadId } from '../types';

export type Route =
  | { page: 'chats'; thread: ThreadId | null }
  | { page: 'catalogue'; search: string }
  | { page: 'product'; id: ProductId }
  | { page: 'sellers' }
  | { page: 'shop'; id: SellerId }
  | { page: 'buyer'; id: BuyerId }
  | { page: 'settings' }
  | { page: 'check' };

export type Page = Route['page'];

/** Further back than this nobody walks. */
const DEPTH = 50;

export class Router {
  /** Called after every step. */
  onmove: () => void = () => undefined;
  #stack = $state.raw<readonly Route[]>([{ page: 'chats', thread: null }]);

  get route(): Route {
    return this.#stack.at(-1) ?? { page: 'chats', thread: null };
  }

  /** All of the way back, for the place that is kept. */
  get stack(): readonly Route[] {
    return this.#stack;
  }

  get canGoBack(): boolean {
    return this.#stack.length > 1;
  }

  /** The open thread, whatever page that is. */
  get thread(): ThreadId | null {
    return this.route.page === 'chats' ? this.route.thread : null;
  }

  go(route: Route): void {
    if (same(route, this.route)) return;
    this.#move([...this.#stack, route].slice(-DEPTH));
  }

  replace(route: Route): void {
    this.#move([...this.#stack.slice(0, -1), route]);
  }

  back(): void {
    if (this.canGoBack) this.#move(this.#stack.slice(0, -1));
  }

  /** A fresh start, e.g. after another person signed in. */
  reset(route: Route = { page: 'chats', thread: null }): void {
    this.#move([route]);
  }

  /** Stands where an earlier page stood. */
  restore(stack: readonly Route[]): void {
    if (stack.length > 0) this.#move(stack.slice(-DEPTH));
  }

  /** Opens a thread. Moving from chat to chat adds no step to the way back. */
  openThread(thread: ThreadId): void {
    if (this.route.page === 'chats' && this.route.thread !== null) this.replace({ page: 'chats', thread });
    else this.go({ page: 'chats', thread });
  }

  /** Leaves the thread for the list. */
  closeThread(): void {
    if (this.thread === null) return;
    const before = this.#stack.at(-2);
    if (before?.page === 'chats' && before.thread === null) this.back();
    else this.replace({ page: 'chats', thread: null });
  }

  #move(stack: readonly Route[]): void {
    this.#stack = stack;
    this.onmove();
  }
}

function same(left: Route, right: Route): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
