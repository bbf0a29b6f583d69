/**
 * A marketplace in memory, for tests and for development in a browser: threads that answer, a history of a
 * hundred thousand messages, and a connection that can be taken away. Its address may say how it starts:
 * `?theme=dark&lang=en&mode=signin|server|empty&offline=1&accounts=3`.
 */
import { BridgeError, type Bridge } from '../bridge';
import type {
  Connection,
  Identity,
  MessageItem,
  MessagePage,
  MessageState,
  ProductQuery,
  Role,
  Seq,
  Session,
  Stretch,
  ThreadItem,
  Update,
} from '../types';
import { fakeThreads, messageAt, type FakeThread } from './fake/history';
import { fakeNotices } from './fake/notices';
import { FakeAccounts } from './fake/accounts';
import { fakeSearch } from './fake/search';
import { fakeAccount, fakeHints, fakeSettings, fromAddress, type FakeOptions } from './fake/options';
import { fakeShell } from './fake/shell';
import { buyers, picture, products, sellers } from './fake/market';

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
  /** Everything asked of it so far, as `name:first argument`. */
  readonly calls: string[];
}

function refusal(code: string): BridgeError {
  return new BridgeError({ code, detail: null, retry_after_ms: null });
}

function found<T extends { id: string }>(all: readonly T[], id: string): Promise<T> {
  const one = all.find((each) => each.id === id);
  return one ? Promise.resolve(one) : Promise.reject(refusal('not_found'));
}

const ANSWERS = [
  'Сейчас уточню и сразу напишу.',
  'Да, всё верно!',
  'Спасибо за вопрос 🙂 Отправим завтра утром.',
];

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
  const threads = new Map<string, FakeThread>();
  if (options.mode !== 'empty') for (const each of fakeThreads(role)) threads.set(each.item.id, each);

  let connection: Connection = { state: 'online' };
  let identity: Identity = {
    server: options.mode === 'server' ? null : 'https://chat.example.ru',
    server_name: options.mode === 'server' ? null : 'Ярмарка',
    account: options.mode === 'signin' || options.mode === 'server' ? null : account,
    keychain: true,
  };
  let settings = fakeSettings(options);
  let counter = 0;
  const listeners = new Set<(updates: Update[]) => void>();
  const calls: string[] = [];

  const emit = (...updates: Update[]) => {
    listeners.forEach((listener) => listener(updates));
    if (updates.some((update) => update.kind === 'unread' || update.kind === 'identity'))
      void accounts.changed();
  };
  const later = (steps: number, act: () => void) => setTimeout(act, step * steps);
  const unread = () => [...threads.values()].reduce((sum, each) => sum + each.item.unread_count, 0);
  const other: Role = role === 'buyer' ? 'seller' : 'buyer';

  function thread(id: string): FakeThread {
    const one = threads.get(id);
    if (!one) throw refusal('not_found');
    return one;
  }

  function change(id: string, part: Partial<ThreadItem>): void {
    const one = thread(id);
    one.item = { ...one.item, ...part };
    emit({ kind: 'thread', thread: one.item }, { kind: 'unread', total: unread() });
  }

  function page(one: FakeThread, stretch: Stretch, limit: number): MessagePage {
    const head = one.item.head_seq;
    let from: Seq;
    let to: Seq;
    switch (stretch.at) {
      case 'newest':
        [from, to] = [head - limit + 1, head];
        break;
      case 'before':
        [from, to] = [stretch.seq - limit, stretch.seq - 1];
        break;
      case 'after':
        [from, to] = [stretch.seq + 1, stretch.seq + limit];
        break;
      case 'around':
        [from, to] = [stretch.seq - Math.floor(limit / 2), stretch.seq + Math.floor(limit / 2)];
        break;
    }
    [from, to] = [Math.max(1, from), Math.min(head, to)];
    const messages: MessageItem[] = [];
    for (let seq = from; seq <= to; seq += 1) {
      const message = messageAt(one, seq, role);
      if (message) messages.push(message);
    }
    if (to === head) messages.push(...one.unsent);
    return { messages, has_older: from > 1, has_newer: to < head, incomplete: false };
  }

  function progressOf(one: FakeThread, message: MessageItem, state: MessageState): MessageItem {
    const next = { ...message, state };
    one.unsent = one.unsent.map((each) => (each.id === message.id ? next : each));
    one.said = one.said.map((each) => (each.id === message.id ? next : each));
    emit({ kind: 'message', message: next });
    return next;
  }

  function store(one: FakeThread, message: MessageItem): MessageItem {
    const seq = one.item.head_seq + 1;
    const stored: MessageItem = { ...message, seq };
    one.unsent = one.unsent.filter((each) => each.id !== message.id);
    one.said = [...one.said, stored];
    one.item = { ...one.item, head_seq: seq };
    emit({ kind: 'message', message: stored });
    return stored;
  }

  function deliver(one: FakeThread, message: MessageItem): void {
    if (connection.state !== 'online') return;
    const sending = progressOf(one, message, { state: 'sending' });
    later(1, () => {
      const stored = store(one, { ...sending, state: { state: 'sent' } });
      change(one.item.id, { last_state: { state: 'sent' } });
      later(1, () => progressOf(one, stored, { state: 'delivered' }));
      later(2, () => {
        const mark = role === 'buyer' ? 'seller_read_seq' : 'buyer_read_seq';
        change(one.item.id, { [mark]: stored.seq, last_state: { state: 'read' } });
        if (options.answers) answer(one.item.id);
      });
    });
  }

  function answer(id: string): void {
    emit({ kind: 'typing', thread_id: id, is_typing: true });
    counter += 1;
    const text = ANSWERS[counter % ANSWERS.length] ?? '';
    later(4, () => bridge.hear(id, text));
  }

  const session = (id: string, device_name: string, is_current: boolean): Session => ({
    id,
    device_name,
    created_at: '2026-09-01T08:00:00.000Z',
    last_seen_at: new Date().toISOString(),
    is_current,
  });
  let sessions = [session('session-1', 'Debian, рабочий стол', true), session('session-2', 'ноутбук', false)];

  function matching(query: ProductQuery): typeof products {
    const words = query.search_query?.toLocaleLowerCase() ?? '';
    const rows = products.filter(
      (each) =>
        each.title.toLocaleLowerCase().includes(words) &&
        each.price >= (query.price_min ?? 0) &&
        each.price <= (query.price_max ?? Infinity) &&
        (query.seller_ids.length === 0 || query.seller_ids.includes(each.seller_id)),
    );
    const sign = query.sort_order === 'asc' ? 1 : -1;
    if (query.sort_by === 'price') return rows.toSorted((left, right) => sign * (left.price - right.price));
    if (query.sort_by === 'title')
      return rows.toSorted((left, right) => sign * left.title.localeCompare(right.title));
    return rows;
  }

  const bridge: FakeBridge = {
    calls,
    ...accounts.bridge(seat, calls),
    ...fakeNotices({
      calls,
      language: () => settings.language,
      thread: () => [...threads.values()][0]?.item ?? null,
    }),
    subscribe: async (listener) => {
      listeners.add(listener);
      if (options.offline) setTimeout(() => bridge.goOffline(), 0);
      return () => listeners.delete(listener);
    },
    identity: async () => identity,
    connection: async () => connection,
    unread: async () => unread(),
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
    sessions: async () => sessions,
    end_session: async (id) => {
      sessions = sessions.filter((each) => each.id !== id);
    },
    invite: async () => ({ invitation: 'K7P2-9XQM-41ZD', expires_in: 86_400 }),
    threads: async () => [...threads.values()].map((each) => each.item),
    thread: async (id) => threads.get(id)?.item ?? null,
    messages: async (id, stretch, limit) => page(thread(id), stretch, limit),
    search: async (id, text, before) => {
      calls.push(`search:${text}`);
      return fakeSearch(thread(id), role, { text, before, isOnline: connection.state === 'online' });
    },
    send: async (id, text, productId) => {
      const one = thread(id);
      counter += 1;
      const message: MessageItem = {
        id: `own-${counter}-${Date.now()}`,
        thread_id: id,
        seq: null,
        local_order: counter,
        message: text,
        sender_type: role,
        is_mine: true,
        created_at: new Date().toISOString(),
        state: { state: 'queued' },
        product_id: productId,
        product: products.find((each) => each.id === productId) ?? null,
      };
      calls.push(`send:${text}`);
      one.unsent = [...one.unsent, message];
      emit({ kind: 'message', message });
      change(id, {
        activity_ms: Date.now(),
        last_message: text,
        last_message_time: message.created_at,
        last_sender_type: role,
        last_state: message.state,
        waiting_since: null,
        draft: null,
      });
      deliver(one, message);
      return message;
    },
    retry: async (id) => {
      calls.push(`retry:${id}`);
      for (const one of threads.values()) {
        const message = one.unsent.find((each) => each.id === id);
        if (message) deliver(one, message);
      }
    },
    cancel: async (id) => {
      calls.push(`cancel:${id}`);
      for (const one of threads.values()) {
        if (!one.unsent.some((each) => each.id === id)) continue;
        one.unsent = one.unsent.filter((each) => each.id !== id);
        emit({ kind: 'message_removed', thread_id: one.item.id, id });
        return true;
      }
      return false;
    },
    mark_read: async (id, upToSeq) => {
      calls.push(`mark_read:${upToSeq}`);
      const { item } = thread(id);
      const mark = role === 'buyer' ? 'buyer_read_seq' : 'seller_read_seq';
      change(id, { [mark]: upToSeq, unread_count: Math.max(0, item.head_seq - upToSeq) });
    },
    typing: async (_id, isTyping) => {
      calls.push(`typing:${isTyping}`);
    },
    set_draft: async (id, text, caret) => {
      calls.push(`set_draft:${text}`);
      change(id, { draft: text === '' ? null : text, draft_caret: caret });
    },
    choose_draft: async (id, choice) => {
      calls.push(`choose_draft:${choice}`);
      const { draft, draft_filled, other_draft } = thread(id).item;
      const texts = { take: other_draft, append: `${draft ?? ''}\n${other_draft ?? ''}`, drop: draft };
      change(id, { draft: texts[choice], draft_filled: draft_filled + 1, other_draft: null });
    },
    edit: async (id) => {
      calls.push(`edit:${id}`);
      for (const one of threads.values()) {
        const message = one.unsent.find((each) => each.id === id);
        if (!message || !(await bridge.cancel(id))) continue;
        const { draft, draft_filled } = one.item;
        const text = draft === null ? message.message : `${draft}\n${message.message}`;
        change(one.item.id, { draft: text, draft_filled: draft_filled + 1 });
        return true;
      }
      return false;
    },
    unsent: async () => {
      const all = [...threads.values()];
      return {
        messages: all.reduce((sum, each) => sum + each.unsent.length, 0),
        drafts: all.filter((each) => each.item.draft !== null || each.item.other_draft !== null).length,
      };
    },
    start: async (sellerId) => {
      const known = [...threads.values()].find((each) => each.item.seller_id === sellerId);
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
      threads.set(id, { item, script: [], said: [], unsent: [] });
      emit({ kind: 'thread', thread: item });
      return id;
    },
    products: async (query) => {
      const rows = matching(query);
      return { items: rows.slice(query.offset, query.offset + (query.limit || 20)), total: rows.length };
    },
    product: (id) => found(products, id),
    sellers: async (offset, limit) => ({
      items: sellers.slice(offset, offset + limit),
      total: sellers.length,
    }),
    seller: (id) => found(sellers, id),
    buyer: (id) => found(buyers, id),
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
    picture,
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
        for (const one of threads.values()) for (const message of one.unsent) deliver(one, message);
      });
    },
    hear: (id, text) => {
      const one = thread(id);
      counter += 1;
      emit({ kind: 'typing', thread_id: id, is_typing: false });
      const now = new Date().toISOString();
      store(one, {
        id: `heard-${counter}-${Date.now()}`,
        thread_id: id,
        seq: null,
        local_order: counter,
        message: text,
        sender_type: other,
        is_mine: false,
        created_at: now,
        state: { state: 'received' },
        product_id: null,
        product: null,
      });
      change(id, {
        unread_count: one.item.unread_count + 1,
        activity_ms: Date.now(),
        last_message: text,
        last_message_time: now,
        last_sender_type: other,
        last_state: null,
        waiting_since: role === 'seller' ? (one.item.waiting_since ?? now) : null,
      });
    },
    writeElsewhere: (id, text) => change(id, { other_draft: text }),
    refuse: (id) => {
      const one = thread(id);
      for (const message of one.unsent) progressOf(one, message, { state: 'failed', reason: 'too_large' });
    },
    seeTyping: (id, isTyping) => emit({ kind: 'typing', thread_id: id, is_typing: isTyping }),
  };
  return bridge;
}
