/**
 * One open thread: a window onto its messages that slides both ways. At most `WINDOW` of them are held,
 * whatever the thread's length; updates outside the window are left to the next load.
 */
import { tick } from 'svelte';

import type { Bridge } from '../bridge';
import { readSeq } from '../ticks';
import { inOrder, rows, type Row } from '../timeline';
import type {
  MessageId,
  MessageItem,
  MessagePage,
  ProductId,
  Role,
  Seq,
  Stretch,
  ThreadItem,
} from '../types';
import { Patience } from './clock.svelte';
import { Finder } from './finder.svelte';
import type { Anchor } from './place';

/** Two screens of a tall window; the cache answers that in a few milliseconds. */
const PAGE = 60;
/** More than anybody sees at once; keeps memory and the cost of a change flat in endless threads. */
const WINDOW = 1200;

type Loading = 'nothing' | 'all' | 'older' | 'newer';

export class Conversation {
  readonly threadId: string;
  readonly finder: Finder;
  /** Where an earlier window stood; the log is placed there once. */
  readonly anchor: Anchor | null;
  readonly #bridge: Bridge;
  readonly #role: Role;
  readonly #patience = new Patience();
  #messages = $state.raw<readonly MessageItem[]>([]);
  #hasOlder = $state(false);
  #hasNewer = $state(false);
  #isIncomplete = $state(false);
  #loading = $state<Loading>('nothing');
  #isOpen = $state(false);
  #firstUnread = $state<Seq | null>(null);
  #changedAtStart = $state(false);
  #replaced = $state(0);
  #arrival = $state.raw<MessageItem | null>(null);
  /** Which load came back incomplete and empty: it is tried again once the connection is back. */
  #blocked: Loading = 'nothing';
  #early: MessageItem[] = [];
  #marked: Seq = 0;

  readonly rows: readonly Row[] = $derived.by(() => rows(this.#messages, this.#firstUnread, this.#hasOlder));

  constructor(bridge: Bridge, role: Role, threadId: string, anchor: Anchor | null = null) {
    this.anchor = anchor;
    this.#bridge = bridge;
    this.#role = role;
    this.threadId = threadId;
    this.finder = new Finder(bridge, threadId);
  }

  get messages(): readonly MessageItem[] {
    return this.#messages;
  }
  get hasOlder(): boolean {
    return this.#hasOlder;
  }
  get hasNewer(): boolean {
    return this.#hasNewer;
  }
  /** Some of it could not be fetched. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }
  get loading(): Loading {
    return this.#loading;
  }
  /** The first stretch is there. */
  get isOpen(): boolean {
    return this.#isOpen;
  }
  get isSlow(): boolean {
    return !this.#isOpen && this.#patience.isOver;
  }
  /** Where the unread ones began when the thread was opened. */
  get firstUnread(): Seq | null {
    return this.#firstUnread;
  }
  /** The last message that came in while the thread was open, to be read out. */
  get arrival(): MessageItem | null {
    return this.#arrival;
  }
  /** The last change added or removed rows at the start: the log keeps its place from the end. */
  get changedAtStart(): boolean {
    return this.#changedAtStart;
  }
  /** Counts how often the whole stretch was exchanged: the log then chooses its place anew. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Loads the place where an earlier window stood or where reading stopped, or the end. */
  async open(thread: ThreadItem): Promise<void> {
    const read = readSeq(thread, this.#role);
    this.#marked = read;
    const isBehind = thread.unread_count > 0 && thread.head_seq > read;
    await this.#replace(
      this.anchor
        ? { at: 'around', seq: this.anchor.seq }
        : isBehind
          ? { at: 'around', seq: read + 1 }
          : { at: 'newest' },
      isBehind ? read : null,
    );
  }

  /** The newest messages, wherever the window stands now. */
  async toNewest(): Promise<void> {
    if (this.#hasNewer) await this.#replace({ at: 'newest' });
  }

  /** The very first messages, without all that lies between. */
  async toOldest(): Promise<void> {
    if (this.#hasOlder) await this.#replace({ at: 'around', seq: 1 });
  }

  /** A message far away, with what stands around it. */
  async toSeq(seq: Seq): Promise<void> {
    await this.#replace({ at: 'around', seq });
  }

  /** Asks again for what could not be fetched, without moving the reader. */
  async complete(): Promise<void> {
    if (!this.#isIncomplete) return;
    const blocked = this.#blocked;
    this.#blocked = 'nothing';
    this.#isIncomplete = false;
    if (blocked === 'older') {
      this.#hasOlder = true;
      return this.older();
    }
    if (blocked === 'newer') {
      this.#hasNewer = true;
      return this.newer();
    }
    return this.reload();
  }

  /** The same place, asked for anew. */
  async reload(): Promise<void> {
    const last = this.#messages.findLast((each) => each.seq !== null)?.seq;
    await this.#replace(this.#hasNewer && last ? { at: 'around', seq: last } : { at: 'newest' });
  }

  async older(): Promise<void> {
    const first = this.#messages[0]?.seq;
    if (!this.#hasOlder || this.#loading !== 'nothing' || !first) return;
    const page = await this.#load('older', { at: 'before', seq: first });
    if (!page) return;
    this.#set([...page.messages, ...this.#messages], true);
    // Nothing came and nothing will: without this an unreachable page would be asked for again and again.
    this.#hasOlder = page.has_older && page.messages.length > 0;
    if (this.#messages.length <= WINDOW) return;
    await tick();
    this.#set(this.#messages.slice(0, WINDOW), false);
    this.#hasNewer = true;
  }

  async newer(): Promise<void> {
    const last = this.#messages.findLast((each) => each.seq !== null)?.seq;
    if (!this.#hasNewer || this.#loading !== 'nothing' || !last) return;
    const page = await this.#load('newer', { at: 'after', seq: last });
    if (!page) return;
    this.#set([...this.#messages, ...page.messages], false);
    this.#hasNewer = page.has_newer && page.messages.length > 0;
    if (this.#messages.length <= WINDOW) return;
    await tick();
    this.#set(this.#messages.slice(-WINDOW), true);
    this.#hasOlder = true;
  }

  /** New or changed, the own ones too. */
  apply(message: MessageItem): void {
    if (message.thread_id !== this.threadId) return;
    if (!this.#isOpen || this.#loading !== 'nothing') {
      this.#early.push(message);
      return;
    }
    const known = this.#messages.findIndex((each) => each.id === message.id);
    if (known >= 0) {
      const changed = this.#messages.with(known, message);
      this.#set(this.#messages[known]?.seq === message.seq ? changed : changed.toSorted(inOrder), false);
      return;
    }
    if (!this.#isInWindow(message)) return;
    this.#set([...this.#messages, message].toSorted(inOrder), false);
    if (!message.is_mine) this.#arrival = message;
  }

  remove(id: MessageId): void {
    this.#set(
      this.#messages.filter((each) => each.id !== id),
      false,
    );
  }

  async send(text: string, productId: ProductId | null): Promise<void> {
    const message = await this.#bridge.send(this.threadId, text, productId);
    if (this.#hasNewer) await this.toNewest();
    else this.apply(message);
  }

  retry(id: MessageId): Promise<void> {
    return this.#bridge.retry(id);
  }

  cancel(id: MessageId): Promise<boolean> {
    return this.#bridge.cancel(id);
  }

  /** Everything up to here was in front of the person's eyes. */
  seen(seq: Seq): void {
    if (seq <= this.#marked) return;
    this.#marked = seq;
    // A mark that is lost is set again with the next message, or when the thread is opened next.
    this.#bridge.mark_read(this.threadId, seq).catch(() => undefined);
  }

  #isInWindow(message: MessageItem): boolean {
    if (message.seq === null) return !this.#hasNewer;
    const first = this.#messages[0]?.seq ?? 0;
    const last = this.#messages.findLast((each) => each.seq !== null)?.seq ?? 0;
    if (this.#hasNewer && message.seq > last) return false;
    return !(this.#hasOlder && message.seq < first);
  }

  /** `readUpTo` places the divider; afterwards it stays until the thread is left. */
  async #replace(stretch: Stretch, readUpTo: Seq | null = null): Promise<void> {
    const page = await this.#load('all', stretch);
    if (!page) return;
    // Out of reach for now: what is shown stays, rather than a thread that looks empty.
    if (page.incomplete && page.messages.length === 0 && this.#messages.length > 0) {
      this.#isIncomplete = false;
      this.#blocked = 'nothing';
      return;
    }
    if (readUpTo !== null) {
      this.#firstUnread =
        page.messages.find((each) => !each.is_mine && (each.seq ?? 0) > readUpTo)?.seq ?? null;
    }
    this.#set(page.messages, false);
    this.#hasOlder = page.has_older;
    this.#hasNewer = page.has_newer;
    this.#replaced += 1;
    this.#isOpen = true;
    for (const message of this.#early.splice(0)) this.apply(message);
  }

  /** `null` when something is being loaded already. */
  async #load(what: Loading, stretch: Stretch): Promise<MessagePage | null> {
    if (this.#loading === 'all') return null;
    this.#loading = what;
    if (!this.#isOpen) this.#patience.begin();
    try {
      const page = await this.#bridge.messages(this.threadId, stretch, PAGE);
      this.#isIncomplete = page.incomplete;
      this.#blocked = page.incomplete && page.messages.length === 0 ? what : 'nothing';
      // Another load has overtaken this one.
      return this.#loading === what ? page : null;
    } finally {
      if (this.#loading === what) this.#loading = 'nothing';
      this.#patience.end();
      if (this.#isOpen)
        for (const message of this.#early.splice(0)) queueMicrotask(() => this.apply(message));
    }
  }

  #set(messages: readonly MessageItem[], changedAtStart: boolean): void {
    this.#changedAtStart = changedAtStart;
    this.#messages = messages;
  }
}
