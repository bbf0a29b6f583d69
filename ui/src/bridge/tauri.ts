/**
 * The bridge over Tauri commands. The only file that imports the platform, and the only one that casts:
 * what the engine answers is typed by the generated types and checked on the Rust side.
 */
import { Channel, invoke } from '@tauri-apps/api/core';

import { BridgeError, type Bridge, type BridgeFault } from '../bridge';
import type { AccountRow } from './accounts';
import type { Place } from '../state/place';
import type { Update } from '../types';

declare global {
  interface Window {
    /** Set by the shell before the page begins. */
    __PRILAVOK_PLACE__?: Place | null;
    /** Whose page it begins with; set by the shell too. */
    __PRILAVOK_SEAT__?: number;
  }
}

const MEDIA = 'prilavok-media://localhost';

function fault(thrown: unknown): BridgeError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    return new BridgeError(thrown as BridgeFault);
  }
  return new BridgeError({ code: 'internal', detail: String(thrown), retry_after_ms: null });
}

async function ask<T>(command: string, args: Record<string, unknown>): Promise<T> {
  try {
    return (await invoke(command, args)) as T;
  } catch (thrown) {
    throw fault(thrown);
  }
}

/** The bridge of the desktop apps, for the page of one account: each call says whose it is. */
export function tauriBridge(
  seat = window.__PRILAVOK_SEAT__ ?? 1,
  place = window.__PRILAVOK_PLACE__ ?? null,
): Bridge {
  const call = <T>(command: string, args: Record<string, unknown> = {}): Promise<T> =>
    ask(command, { ...args, seat });
  return {
    seat,
    watch_accounts: async (listener) => {
      const channel = new Channel<AccountRow[]>();
      channel.onmessage = listener;
      await call('watch_accounts', { channel });
      return () => (channel.onmessage = () => undefined);
    },
    switch_account: (to) => call('switch_account', { to }),
    open_account: (of) => call('open_account', { of }),
    add_account: () => call('add_account'),
    first_steps: () => call('first_steps'),
    hint_seen: (hint) => call('hint_seen', { hint }),
    of_account: tauriBridge,
    subscribe: async (listener) => {
      let listening = true;
      const channel = new Channel<Update[]>();
      channel.onmessage = (updates) => {
        if (listening) listener(updates);
      };
      await call('subscribe', { channel });
      return () => {
        listening = false;
      };
    },
    identity: () => call('identity'),
    connection: () => call('connection'),
    unread: () => call('unread'),
    app_info: () => call('app_info'),
    set_server: (address) => call('set_server', { address }),
    sign_in: (email, password) => call('sign_in', { email, password }),
    register: (register) => call('register', { register }),
    sign_out: (everywhere) => call('sign_out', { everywhere }),
    sessions: () => call('sessions'),
    end_session: (id) => call('end_session', { id }),
    invite: () => call('invite'),
    threads: () => call('threads'),
    thread: (id) => call('thread', { id }),
    messages: (threadId, stretch, limit) => call('messages', { threadId, stretch, limit }),
    search: (threadId, text, before) => call('search', { threadId, text, before }),
    send: (threadId, text, productId) => call('send', { threadId, text, productId }),
    retry: (id) => call('retry', { id }),
    cancel: (id) => call('cancel', { id }),
    mark_read: (threadId, upToSeq) => call('mark_read', { threadId, upToSeq }),
    typing: (threadId, isTyping) => call('typing', { threadId, isTyping }),
    set_draft: (threadId, text, caret, filled) => call('set_draft', { threadId, text, caret, filled }),
    choose_draft: (threadId, choice) => call('choose_draft', { threadId, choice }),
    edit: (id) => call('edit', { id }),
    unsent: () => call('unsent'),
    start: (sellerId, productId) => call('start', { sellerId, productId }),
    products: (query) => call('products', { query }),
    product: (id) => call('product', { id }),
    sellers: (offset, limit) => call('sellers', { offset, limit }),
    seller: (id) => call('seller', { id }),
    buyer: (id) => call('buyer', { id }),
    look: (threadId, isFocused) => call('look', { threadId, isFocused }),
    place: () => place,
    keep_place: (place, isLast) => call('keep_place', { place, isLast }),
    onleave: (listener) => {
      addEventListener('prilavok-leave', listener);
      return () => removeEventListener('prilavok-leave', listener);
    },
    quit: () => call('quit'),
    autostart: () => call('autostart'),
    set_autostart: (isOn) => call('set_autostart', { isOn }),
    crash_report: () => call('crash_report'),
    crash_report_seen: () => call('crash_report_seen'),
    open_reports: () => call('open_reports'),
    painted: () => call('painted'),
    reconnect_now: () => call('reconnect_now'),
    settings: () => call('settings'),
    set_settings: (settings) => call('set_settings', { settings }),
    answering: () => call('answering'),
    answer: (text) => call('answer', { text }),
    keep_answer: (text, isLeaving) => call('keep_answer', { text, isLeaving }),
    check_all: () => call('check_all'),
    try_notice: () => call('try_notice'),
    notice_clicked: () => call('notice_clicked'),
    try_sound: () => call('try_sound'),
    dictionaries: () => call('dictionaries'),
    upgrade: () => call('upgrade'),
    check_upgrade: () => call('check_upgrade'),
    install_upgrade: () => call('install_upgrade'),
    open_link: (url) => call('open_link', { url }),
    picture: (path) => (path?.startsWith('/media/') ? `${MEDIA}/${seat}${path}` : null),
  };
}
