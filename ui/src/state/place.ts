/**
 * Where the person is in the app, kept outside the page: a window that was closed into the tray stands, when it
 * is opened again, where it stood.
 */
import type { Bridge } from '../bridge';
import type { AccountId, Seq, ThreadId } from '../types';
import type { Route } from './router.svelte';

/** The message at the log's upper edge, and how many pixels of it are above the edge. */
export interface Anchor {
  thread: ThreadId;
  seq: Seq;
  offset: number;
}

/** What is kept. */
export interface Place {
  /** Whose it is: nobody else is led there. */
  account: AccountId | null;
  stack: readonly Route[];
  /** Null at the end of the log, where one is led anyway. */
  anchor: Anchor | null;
  /** Which part of its list the app shows, in its own word. */
  view: string | null;
}

/** Seldom enough to cost nothing while scrolling; what happened since is lost only when the page itself dies. */
const KEEP_AFTER_MS = 500;

export class Placekeeper {
  /** Set by the log on the screen: where it stands now. */
  where: (() => Anchor | null) | null = null;
  #view: string | null;
  readonly #bridge: Bridge;
  readonly #now: (anchor: Anchor | null) => Place;
  #found: Anchor | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isPainted = false;

  constructor(bridge: Bridge, found: Place | null, now: (anchor: Anchor | null) => Place) {
    this.#bridge = bridge;
    this.#found = found?.anchor ?? null;
    this.#view = found?.view ?? null;
    this.#now = now;
  }

  get view(): string | null {
    return this.#view;
  }

  set view(view: string) {
    this.#view = view;
    this.touch();
  }

  /** Where an earlier window stood in this thread; once, afterwards the thread opens as it always does. */
  take(thread: ThreadId): Anchor | null {
    const found = this.#found;
    this.#found = null;
    return found?.thread === thread ? found : null;
  }

  /** Something moved. */
  touch(): void {
    this.#timer ??= setTimeout(() => void this.keep(false), KEEP_AFTER_MS);
  }

  /** Where it stands. */
  now(): Place {
    return this.#now(this.where?.() ?? this.#found);
  }

  async keep(isLast: boolean): Promise<void> {
    this.stop();
    await this.#bridge.keep_place(this.now(), isLast).catch(() => undefined);
  }

  /** Nothing more is said by itself. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What the person sees first is on the screen. */
  painted(): void {
    if (this.#isPainted) return;
    this.#isPainted = true;
    this.#bridge.painted().catch(() => undefined);
  }
}
