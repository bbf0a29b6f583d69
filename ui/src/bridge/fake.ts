/**
 * A marketplace in memory, for tests and for development in a browser: threads that answer, a history of a
 * hundred thousand messages, and a connection that can be taken away. Its address may say how it starts:
 * `?theme=dark&lang=en&mode=signin|server|empty&offline=1&accounts=3`.
 */
import type { Bridge } from '../bridge';
import type { Connection, Identity, Role, ThreadItem, Update } from '../types';
import { FakeAccounts } from './fake/accounts';
import { fakeDevices } from './fake/devices';
import { fakeThreads } from './fake/history';
import { products, sellers } from './fake/market';
import { fakeNotices } from './fake/notices';
import { fakeAccount, fakeHints, fakeSettings, fromAddress, type FakeOptions } from './fake/options';
import { found, refusal } from './fake/refusal';
import { fakeSearch } from './fake/search';
import { fakeShell } from './fake/shell';
import { fakeShop } from './fake/shop';
import { FakeTalk } from './fake/talk';

export type { FakeOptions };

/** The bridge, and hands to play the rest of the world with. */
export interface FakeBridge extends Bridge {
  goOffline(retryInMs?: number): void;
  goOnline(): void;
  /** The other side writes. */
  hear(threadId: string, text: string): void;
  /** The other side types. */
  seeTyping(threadId: string, isTyping: boolean): void;
  /** Another device of the person has left these words in the field, apart from what stands here. */
  writeElsewhere(threadId: string, text: string): void;
  /** The server refuses for good what has not been sent in this thread. */
  refuse(threadId: string): void;
  /** The seats that cannot be opened. */
  readonly broken: Set<number>;
  /** Everything asked of it so far, as `name:first argument`. */
  readonly calls: string[];
}

export function fakeBridge(role: Role, given: FakeOptions = {}): FakeBridge {
  const options: FakeOptions = { stepMs: 400, answers: true, ...fromAddress(), ...given };
  const accounts: FakeAccounts = new FakeAccounts((seat, isNew) =>
    fakeSeat(role, { ...options, ...(isNew ? { mode: 'signin' } : {}) }, accounts, seat),
  );
  const first = fakeSeat(role, options, accounts, 1);
  accounts.sit(1, first);
  for (let seat = 2; seat <= (options.accounts ?? 1); seat += 1) accounts.of(seat);
  return first;
}

function fakeSeat(role: Role, options: FakeOptions, accounts: FakeAccounts, seat: number): FakeBridge {
  const step = options.stepMs ?? 400;
  const account = fakeAccount(role, seat);

  let connection: Connection = { state: 'online' };
  let identity: Identity = {
    server: options.mode === 'server' ? null : 'https://chat.example.ru',
    server_name: options.mode === 'server' ? null : 'Ярмарка',
    account: options.mode === 'signin' || options.mode === 'server' ? null : account,
    keychain: true,
  };
  let settings = fakeSettings(options);
  const listeners = new Set<(updates: Update[]) => void>();
  const calls: string[] = [];

  const emit = (...updates: Update[]) => {
    listeners.forEach((listener) => listener(updates));
    if (updates.some((update) => update.kind === 'unread' || update.kind === 'identity'))
      void accounts.changed();
  };
  const later = (steps: number, act: () => void) => setTimeout(act, step * steps);
  const talk = new FakeTalk({
    role,
    answers: options.answers ?? true,
    isEmpty: options.mode === 'empty',
    isOnline: () => connection.state === 'online',
    emit,
    later,
  });

  const bridge: FakeBridge = {
    calls,
    broken: accounts.broken,
    ...accounts.bridge(seat, calls),
    ...fakeDevices(),
    ...fakeShop,
    ...fakeNotices({
      calls,
      language: () => settings.language,
      thread: () => talk.all[0]?.item ?? null,
    }),
    subscribe: async (listener) => {
      listeners.add(listener);
      if (options.offline) setTimeout(() => bridge.goOffline(), 0);
      return () => listeners.delete(listener);
    },
    identity: async () => {
      if (accounts.broken.has(seat)) throw refusal('disk');
      return identity;
    },
    connection: async () => connection,
    unread: async () => talk.unread(),
    app_info: async () => ({ name: `prilavok-${role}`, version: '0.1.0' }),
    set_server: async (address) => {
      if (!address.includes('.') && !address.includes('localhost')) throw refusal('bad_address');
      identity = { ...identity, server: address, server_name: 'Ярмарка' };
      emit({ kind: 'identity', identity });
      return {
        product: 'prilavok',
        name: 'Ярмарка',
        version: '0.1.0',
        protocol: 1,
        time: new Date().toISOString(),
      };
    },
    sign_in: async (_email, password) => {
      if (password !== 'prilavok-demo') throw refusal('bad_credentials');
      identity = { ...identity, account };
      emit({ kind: 'identity', identity });
      return account;
    },
    register: async (register) => {
      identity = { ...identity, account: { ...account, name: register.name } };
      emit({ kind: 'identity', identity });
      return account;
    },
    sign_out: async () => {
      identity = { ...identity, account: null };
      emit({ kind: 'identity', identity });
    },
    invite: async () => ({ invitation: 'K7P2-9XQM-41ZD', expires_in: 86_400 }),
    threads: async () => talk.all.map((each) => each.item),
    thread: async (id) => talk.threads.get(id)?.item ?? null,
    messages: async (id, stretch, limit) => talk.page(talk.thread(id), stretch, limit),
    search: async (id, text, before) => {
      calls.push(`search:${text}`);
      return fakeSearch(talk.thread(id), role, { text, before, isOnline: connection.state === 'online' });
    },
    send: async (id, text, productId) => {
      const one = talk.thread(id);
      const about = products.find((each) => each.id === productId) ?? null;
      const message = talk.write(id, { id: `own-${talk.next()}-${Date.now()}`, text, by: role, about });
      calls.push(`send:${text}`);
      one.unsent = [...one.unsent, message];
      emit({ kind: 'message', message });
      talk.change(id, {
        activity_ms: Date.now(),
        last_message: text,
        last_message_time: message.created_at,
        last_sender_type: role,
        last_state: message.state,
        waiting_since: null,
        draft: null,
      });
      talk.deliver(one, message);
      return message;
    },
    retry: async (id) => {
      calls.push(`retry:${id}`);
      for (const one of talk.all) {
        const message = one.unsent.find((each) => each.id === id);
        if (message) talk.deliver(one, message);
      }
    },
    cancel: async (id) => {
      calls.push(`cancel:${id}`);
      for (const one of talk.all) {
        if (!one.unsent.some((each) => each.id === id)) continue;
        one.unsent = one.unsent.filter((each) => each.id !== id);
        emit({ kind: 'message_removed', thread_id: one.item.id, id });
        return true;
      }
      return false;
    },
    mark_read: async (id, upToSeq) => {
      calls.push(`mark_read:${upToSeq}`);
      const { item } = talk.thread(id);
      const mark = role === 'buyer' ? 'buyer_read_seq' : 'seller_read_seq';
      talk.change(id, { [mark]: upToSeq, unread_count: Math.max(0, item.head_seq - upToSeq) });
    },
    typing: async (_id, isTyping) => {
      calls.push(`typing:${isTyping}`);
    },
    set_draft: async (id, text, caret) => {
      calls.push(`set_draft:${text}`);
      talk.change(id, { draft: text === '' ? null : text, draft_caret: caret });
    },
    choose_draft: async (id, choice) => {
      calls.push(`choose_draft:${choice}`);
      const { draft, draft_filled, other_draft } = talk.thread(id).item;
      const texts = { take: other_draft, append: `${draft ?? ''}\n${other_draft ?? ''}`, drop: draft };
      talk.change(id, { draft: texts[choice], draft_filled: draft_filled + 1, other_draft: null });
    },
    edit: async (id) => {
      calls.push(`edit:${id}`);
      for (const one of talk.all) {
        const message = one.unsent.find((each) => each.id === id);
        if (!message || !(await bridge.cancel(id))) continue;
        const { draft, draft_filled } = one.item;
        const text = draft === null ? message.message : `${draft}\n${message.message}`;
        talk.change(one.item.id, { draft: text, draft_filled: draft_filled + 1 });
        return true;
      }
      return false;
    },
    unsent: async () => {
      const all = talk.all;
      return {
        messages: all.reduce((sum, each) => sum + each.unsent.length, 0),
        drafts: all.filter((each) => each.item.draft !== null || each.item.other_draft !== null).length,
      };
    },
    start: async (sellerId) => {
      const known = talk.all.find((each) => each.item.seller_id === sellerId);
      if (known) return known.item.id;
      const [template] = fakeThreads(role);
      const shop = await found(sellers, sellerId);
      if (!template) throw refusal('not_found');
      const id = `thread-of-${sellerId}`;
      const item: ThreadItem = {
        ...template.item,
        id,
        seller_id: sellerId,
        head_seq: 0,
        buyer_read_seq: 0,
        seller_read_seq: 0,
        unread_count: 0,
        last_message: null,
        last_message_time: null,
        last_sender_type: null,
        activity_ms: Date.now(),
        counterpart: {
          role: 'seller',
          id: shop.id,
          name: shop.name,
          avatar_url: null,
          is_online: shop.is_online,
        },
      };
      talk.threads.set(id, { item, script: [], said: [], unsent: [] });
      emit({ kind: 'thread', thread: item });
      return id;
    },
    look: async (id, isFocused) => {
      calls.push(`look:${id} ${isFocused}`);
    },
    reconnect_now: async () => bridge.goOnline(),
    settings: async () => settings,
    set_settings: async (chosen) => {
      settings = chosen;
    },
    ...fakeShell,
    ...(options.seen || options.home ? fakeHints(options, calls) : {}),
    open_link: async (url) => {
      calls.push(`open_link:${url}`);
    },
    goOffline: (retryInMs = 12_000) => {
      connection = { state: 'offline', retry_in_ms: retryInMs, reason: 'network' };
      emit({ kind: 'connection', connection });
    },
    goOnline: () => {
      connection = { state: 'connecting' };
      emit({ kind: 'connection', connection });
      later(1, () => {
        connection = { state: 'online' };
        emit({ kind: 'connection', connection });
        for (const one of talk.all) for (const message of one.unsent) talk.deliver(one, message);
      });
    },
    hear: (id, text) => talk.hear(id, text),
    writeElsewhere: (id, text) => talk.change(id, { other_draft: text }),
    refuse: (id) => {
      const one = talk.thread(id);
      for (const message of one.unsent) talk.progress(one, message, { state: 'failed', reason: 'too_large' });
    },
    seeTyping: (id, isTyping) => emit({ kind: 'typing', thread_id: id, is_typing: isTyping }),
  };
  return bridge;
}
