/**
 * Everything a screen may ask of the engine. Two real implementations: `bridge/tauri.ts` for the apps,
 * `bridge/fake.ts` for tests and for development in a browser.
 *
 * Reads answer from the device's own cache wherever they can. A refusal is thrown as a `BridgeError`.
 */
import type { AccountsBridge } from './bridge/accounts';
import type { HintsBridge } from './bridge/hints';
import type { NoticesBridge } from './bridge/notices';
import type { UpgradeBridge } from './bridge/upgrade';
import type { CrashReport } from './state/crash.svelte';
import type { Place } from './state/place';
import type {
  Account,
  Buyer,
  BuyerId,
  CataloguePage,
  Connection,
  DraftChoice,
  Found,
  Identity,
  Invitation,
  MessageId,
  MessageItem,
  MessagePage,
  Product,
  ProductId,
  ProductQuery,
  Register,
  Seller,
  SellerId,
  Seq,
  ServerInfo,
  Session,
  SessionId,
  Settings,
  Stretch,
  ThreadId,
  ThreadItem,
  Unsent,
  Update,
} from './types';

/** A refusal, as the engine puts it: `code` names the Fluent message `error-<code>`. */
export interface BridgeFault {
  code: string;
  detail: string | null;
  retry_after_ms: number | null;
}

/** A refused or failed call. */
export class BridgeError extends Error {
  readonly code: string;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;

  constructor(fault: BridgeFault) {
    super(fault.detail ?? fault.code);
    this.name = 'BridgeError';
    this.code = fault.code;
    this.detail = fault.detail;
    this.retryAfterMs = fault.retry_after_ms;
  }
}

export interface AppInfo {
  name: string;
  version: string;
}

/** The verbs of the engine. */
export interface Bridge extends NoticesBridge, AccountsBridge, HintsBridge, UpgradeBridge {
  /** Hands over every update from now on, in order, in batches of about a frame. Returns how to stop. */
  subscribe(listener: (updates: Update[]) => void): Promise<() => void>;

  identity(): Promise<Identity>;
  connection(): Promise<Connection>;
  unread(): Promise<number>;
  app_info(): Promise<AppInfo>;

  set_server(address: string): Promise<ServerInfo>;
  sign_in(email: string, password: string): Promise<Account>;
  register(register: Register): Promise<Account>;
  sign_out(everywhere: boolean): Promise<void>;
  sessions(): Promise<Session[]>;
  end_session(id: SessionId): Promise<void>;
  invite(): Promise<Invitation>;

  threads(): Promise<ThreadItem[]>;
  thread(id: ThreadId): Promise<ThreadItem | null>;
  messages(threadId: ThreadId, stretch: Stretch, limit: number): Promise<MessagePage>;
  /** The messages that say this, those before a place; newest first, in pages. */
  search(threadId: ThreadId, text: string, before: Seq | null): Promise<Found>;
  send(threadId: ThreadId, text: string, productId: ProductId | null): Promise<MessageItem>;
  retry(id: MessageId): Promise<void>;
  /** True when it will never be sent. */
  cancel(id: MessageId): Promise<boolean>;
  mark_read(threadId: ThreadId, upToSeq: Seq): Promise<void>;
  typing(threadId: ThreadId, isTyping: boolean): Promise<void>;
  /** `filled` is the thread's `draft_filled` that the field knows. */
  set_draft(threadId: ThreadId, text: string, caret: number, filled: number): Promise<void>;
  choose_draft(threadId: ThreadId, choice: DraftChoice): Promise<void>;
  /** Puts an unsent message back into the field. True when it will never be sent as it was. */
  edit(id: MessageId): Promise<boolean>;
  /** What was written here and not sent. */
  unsent(): Promise<Unsent>;
  start(sellerId: SellerId, productId: ProductId | null): Promise<ThreadId>;

  products(query: ProductQuery): Promise<CataloguePage<Product>>;
  product(id: ProductId): Promise<Product>;
  sellers(offset: number, limit: number): Promise<CataloguePage<Seller>>;
  seller(id: SellerId): Promise<Seller>;
  buyer(id: BuyerId): Promise<Buyer>;

  /** What is in front of the person's eyes: no notice is raised for it. */
  look(threadId: ThreadId | null, isFocused: boolean): Promise<void>;
  /** Where the page of an earlier window was, if this one follows it. */
  place(): Place | null;
  /** Says where this page is; `isLast` once everything is written down and the window may go. */
  keep_place(place: Place, isLast: boolean): Promise<void>;
  /** Calls when the window is about to go. Returns how to stop. */
  onleave(listener: () => void): () => void;
  /** Ends the app; everything is written down first. */
  quit(): Promise<void>;
  /** Whether the app starts with the session, as the system has it. */
  autostart(): Promise<boolean>;
  set_autostart(isOn: boolean): Promise<void>;
  /** What a crash has left behind, until the person has seen it. */
  crash_report(): Promise<CrashReport | null>;
  crash_report_seen(): Promise<void>;
  /** Opens the folder of the reports. */
  open_reports(): Promise<void>;
  /** What the person sees first is on the screen. */
  painted(): Promise<void>;
  reconnect_now(): Promise<void>;
  settings(): Promise<Settings>;
  set_settings(settings: Settings): Promise<void>;
  /** The languages whose spelling can be checked here: of `ru` and `en`, those with a dictionary. */
  dictionaries(): Promise<string[]>;
  /** Opens http, https and mailto addresses in the person's own programs; refuses others. */
  open_link(url: string): Promise<void>;

  /** Where a picture of the own server (`/media/…`) can be loaded from, or null where there is none. */
  picture(path: string | null): string | null;
}
