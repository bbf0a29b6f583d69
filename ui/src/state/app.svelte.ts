/**
 * All of the state, one object per subject, and the one place where updates are handed out.
 * `App.open` is called once by each app; components take it with `useApp()`.
 */
import { createContext } from 'svelte';

import { BridgeError, type AppInfo, type Bridge } from '../bridge';
import type { Seat } from '../bridge/accounts';
import { drawn } from '../frames';
import { has, t } from '../l10n.svelte';
import { COMPOSER, FIND } from '../testids';
import { stepped, USUAL } from '../zoom';
import type { MessageId, Product, Role, SellerId, ThreadId, ThreadItem, Update } from '../types';
import { Accounts } from './accounts.svelte';
import { Attention } from './attention.svelte';
import { Autostart } from './autostart.svelte';
import { Catalogue } from './catalogue.svelte';
import { Check } from './check.svelte';
import { Clock } from './clock.svelte';
import { ConnectionState } from './connection.svelte';
import { Conversation } from './conversation.svelte';
import { Crash } from './crash.svelte';
import { Drafts } from './drafts.svelte';
import { Hints } from './hints.svelte';
import { IdentityState } from './identity.svelte';
import { Layout } from './layout.svelte';
import { Overlays } from './overlays.svelte';
import { Placekeeper, type Place } from './place';
import { Router } from './router.svelte';
import { SettingsState } from './settings.svelte';
import { Threads } from './threads.svelte';
import { Toasts } from './toasts.svelte';
import { TypingSignal } from './typing';
import { Upgrade } from './upgrade.svelte';
import { WayIn } from './wayIn.svelte';

export class App {
  readonly role: Role;
  /** Which of the accounts here this is the page of. */
  readonly seat: Seat;
  readonly accounts: Accounts;
  readonly clock = new Clock();
  readonly attention = new Attention();
  readonly router = new Router();
  readonly toasts = new Toasts();
  readonly layout = new Layout();
  readonly overlays = new Overlays();
  readonly connection = new ConnectionState(this.clock);
  readonly identity: IdentityState;
  readonly settings: SettingsState;
  readonly threads: Threads;
  readonly drafts: Drafts;
  readonly catalogue: Catalogue;
  readonly typing: TypingSignal;
  readonly place: Placekeeper;
  readonly wayIn: WayIn;
  readonly autostart: Autostart;
  readonly crash: Crash;
  readonly hints: Hints;
  readonly upgrade: Upgrade;
  readonly #bridge: Bridge;
  readonly #open = new Set<Conversation>();
  /** Where an earlier window stood. */
  readonly #found: Place | null;
  #isReady = $state(false);
  #fault = $state.raw<unknown>(null);
  #info = $state.raw<AppInfo>({ name: '', version: '' });
  #stop: () => void = () => undefined;
  readonly #stay: () => void;
  #isClosed = false;

  private constructor(bridge: Bridge, role: Role, accounts: Accounts) {
    this.#bridge = bridge;
    this.role = role;
    this.seat = bridge.seat;
    this.accounts = accounts;
    this.identity = new IdentityState(bridge);
    this.settings = new SettingsState(bridge);
    this.threads = new Threads(bridge);
    this.drafts = new Drafts(bridge, (id) => this.threads.get(id));
    this.catalogue = new Catalogue(bridge);
    this.typing = new TypingSignal(bridge);
    this.wayIn = new WayIn(bridge, this.threads);
    this.autostart = new Autostart(bridge);
    this.crash = new Crash(bridge);
    this.hints = new Hints(bridge);
    this.upgrade = new Upgrade(bridge);
    this.#found = bridge.place();
    this.router.restore(this.#found?.stack ?? []);
    this.place = new Placekeeper(bridge, this.#found, (anchor) => ({
      account: this.identity.account?.id ?? null,
      stack: this.router.stack,
      anchor,
      view: this.place.view,
    }));
    this.router.onmove = () => this.place.touch();
    this.#stay = bridge.onleave(() => void this.#leave());
  }

  /** Starts listening, then loads; the screen may be drawn at once. */
  static open(bridge: Bridge, role: Role, accounts = new Accounts(bridge)): App {
    const app = new App(bridge, role, accounts);
    void app.#start();
    return app;
  }

  /** Why nothing of the account can be shown. */
  get fault(): unknown {
    return this.#fault;
  }

  /** One more try: what was in its way may be gone. */
  async openAgain(): Promise<void> {
    try {
      await this.#bridge.open_account(this.seat);
      await this.#start();
    } catch (thrown) {
      this.#fault = thrown;
    }
  }

  /** The first answers are there: it is known whether to sign in or to show the chats. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get info(): AppInfo {
    return this.#info;
  }

  /** Opens a thread, also one that this device has not heard of yet. */
  async openThread(id: ThreadId): Promise<void> {
    try {
      if (await this.threads.find(id)) this.router.openThread(id);
      else this.toasts.say(t('chat-not-found'), 'danger');
    } catch (thrown) {
      this.toasts.fail(thrown);
    }
  }

  /** «Написать продавцу»: finds or starts the thread; the line about the product waits in the field. */
  async writeTo(seller: SellerId, product: Product | null): Promise<void> {
    const id = await this.#bridge.start(seller, product?.id ?? null);
    const thread = await this.threads.find(id);
    if (!thread) throw new BridgeError({ code: 'not_found', detail: null, retry_after_ms: null });
    if (product) this.drafts.begin(thread, product);
    this.router.openThread(id);
  }

  /** Everything in a thread counts as read, without opening it. */
  async markRead(thread: ThreadItem): Promise<void> {
    await this.#bridge
      .mark_read(thread.id, thread.head_seq)
      .catch((thrown: unknown) => this.toasts.fail(thrown));
  }

  /** Larger, smaller, or 0 for the usual size. */
  zoom(step: 1 | -1 | 0): void {
    const zoom = step === 0 ? USUAL : stepped(this.settings.value.zoom, step);
    this.settings.change({ zoom }).catch((thrown: unknown) => this.toasts.fail(thrown));
  }

  /** Ctrl+F: the open thread's search, or what is written in it. */
  openFinder(): void {
    if (this.overlays.finder) {
      const field = document.querySelector<HTMLInputElement>(`[data-testid=${FIND.field}]`);
      field?.focus();
      field?.select();
    }
    this.overlays.finder = true;
  }

  /** Back to writing. */
  closeFinder(): void {
    this.overlays.finder = false;
    document.querySelector<HTMLElement>(`[data-testid=${COMPOSER}]`)?.focus();
  }

  /** A seller's next: whoever waits longest. */
  openLongestWaiting(): void {
    const [first] = this.threads.queue;
    if (first?.waiting_since) this.router.openThread(first.id);
  }

  /** The messages of a thread for as long as it is on the screen. */
  conversation(id: ThreadId): Conversation {
    const conversation = new Conversation(this.#bridge, this.role, id, this.place.take(id));
    this.#open.add(conversation);
    return conversation;
  }

  leave(conversation: Conversation): void {
    this.#open.delete(conversation);
    this.typing.stop();
    void this.drafts.flush();
  }

  /** Tells the engine what is in front of the person's eyes, so that no notice is raised for it. */
  look(thread: ThreadId | null, isFocused: boolean): void {
    this.#bridge.look(thread, isFocused).catch(() => undefined);
  }

  /** A check of notices and line, begun anew. */
  check(): Check {
    return new Check(this.#bridge);
  }

  trySound(): Promise<boolean> {
    return this.#bridge.try_sound();
  }

  /** The window is about to go: what was written is on disk, and where it stood is known. */
  async #leave(): Promise<void> {
    this.typing.stop();
    await this.drafts.flush();
    await this.place.keep(true);
  }

  async openLink(url: string): Promise<void> {
    await this.#bridge.open_link(url).catch((thrown: unknown) => this.toasts.fail(thrown));
  }

  async reconnectNow(): Promise<void> {
    await this.#bridge.reconnect_now().catch((thrown: unknown) => this.toasts.fail(thrown));
  }

  /** Another account's page takes its place: nothing more is heard or said, but for what was written. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#stay();
    this.attention.stop();
    this.place.stop();
    this.typing.stop();
    void this.drafts.flush();
  }

  apply(update: Update): void {
    switch (update.kind) {
      case 'connection':
        this.connection.apply(update.connection);
        if (update.connection.state === 'online') this.#complete();
        if (update.connection.state !== 'connecting') this.#follow(() => this.wayIn.settle());
        return;
      case 'identity':
        return this.#applyIdentity(update);
      case 'thread':
        this.threads.apply(update.thread);
        return this.drafts.apply(update.thread);
      case 'message':
        for (const conversation of this.#open) conversation.apply(update.message);
        return;
      case 'message_removed':
        return this.#remove(update.thread_id, update.id);
      case 'typing':
        return this.threads.applyTyping(update.thread_id, update.is_typing);
      case 'unread':
        return this.threads.applyUnread(update.total);
      case 'open_thread':
        void this.openThread(update.thread_id);
        return;
      case 'ask_thread':
        return this.#follow(() => this.wayIn.ask(update.thread_id));
      case 'ask_server':
        this.wayIn.server = update.address;
        return;
      case 'reset':
        return this.#reload();
      case 'warning': {
        const key = `warning-${update.key}`;
        this.toasts.say(t(has(key) ? key : 'warning-unknown'), 'danger');
        return;
      }
      case 'notice':
      case 'notice_closed':
        // The shell's business: it raises and closes what the system shows.
        return;
    }
  }

  async #start(): Promise<void> {
    this.#stop();
    this.#fault = null;
    try {
      await this.#begin();
    } catch (thrown) {
      if (this.#isReady) this.toasts.fail(thrown);
      else this.#fault = thrown;
    }
  }

  async #begin(): Promise<void> {
    // Asked for beside everything else; whether anybody is signed in, and so whether it matters, is known below.
    const threads = this.threads.load().catch((thrown: unknown) => thrown);
    this.#stop = await this.#bridge.subscribe((updates) => {
      for (const update of updates) this.apply(update);
    });
    if (this.#isClosed) this.#stop();
    const [identity, connection] = await Promise.all([
      this.#bridge.identity(),
      this.#bridge.connection(),
      this.settings.load(),
    ]);
    this.identity.apply(identity);
    this.connection.apply(connection);
    if (this.#found && this.#found.account !== identity.account?.id) this.router.reset();
    this.#isReady = true;
    this.#follow(() => this.crash.load());
    this.#follow(() => this.hints.load());
    this.#info = await this.#bridge.app_info();
    const failure = await threads;
    if (identity.account && failure) throw failure;
    if (this.router.thread === null) void drawn().then(() => this.place.painted());
  }

  #applyIdentity(update: Extract<Update, { kind: 'identity' }>): void {
    const before = this.identity.account?.id;
    this.identity.apply(update.identity);
    if (before === update.identity.account?.id) return;
    this.drafts.reset();
    this.router.reset();
    this.threads.reset();
    if (update.identity.account) this.#reload();
  }

  #remove(thread: ThreadId, id: MessageId): void {
    for (const conversation of this.#open) if (conversation.threadId === thread) conversation.remove(id);
  }

  /** Ends the app, the tray's icon too. */
  quit(): void {
    this.#follow(() => this.#bridge.quit());
  }

  #follow(step: () => Promise<void>): void {
    step().catch((thrown: unknown) => this.toasts.fail(thrown));
  }

  #complete(): void {
    for (const conversation of this.#open) conversation.complete().catch(() => undefined);
  }

  /** The store was replaced: everything is asked for again, and the person stays where they are. */
  #reload(): void {
    this.threads.load().catch((thrown: unknown) => {
      // Whoever has just signed out knows why there is nothing to load.
      if (this.identity.account) this.toasts.fail(thrown);
    });
    for (const conversation of this.#open) conversation.reload().catch(() => undefined);
  }
}

/** For components: the app that they are part of. */
export const [useApp, setApp] = createContext<App>();
