/**
 * Names by which end-to-end tests find things (`data-testid`).
 *
 * - `connection`: the root of the app; `data-state` is idle, connecting, online, offline or stopped.
 * - `unread-total`: the number of all unread messages, as text (empty at zero).
 * - `thread-row`: a row of the list; `data-thread-id`, `data-unread`.
 * - `chat-header`, `typing`: the open thread's head; `typing` is there while the other side types.
 * - `bubble`: a message; `data-message-id`, `data-state` (queued, sending, unconfirmed, sent, delivered, read,
 *   failed, received).
 * - `composer`, `send`, `jump`, `back`: the field, its button, «to the newest», the way back.
 * - `retry`, `edit`, `delete`: the ways out of a failed message.
 * - `other-draft`: what another device wrote in the open thread; its buttons have `data-choice` take, append, drop.
 * - `offline-bar`: there while nothing can be sent; `data-state` is offline, connecting or
 *   stopped.
 * - `nav-chats`, `nav-catalogue`, `nav-sellers`, `nav-settings`: the main ways.
 * - `write-to-seller`, `product-card`: in the catalogue; a card in a bubble is a `product-card` too.
 */
export const CONNECTION = 'connection';
export const UNREAD_TOTAL = 'unread-total';
export const THREAD_ROW = 'thread-row';
export const CHAT_HEADER = 'chat-header';
export const TYPING = 'typing';
export const BUBBLE = 'bubble';
export const COMPOSER = 'composer';
export const SEND = 'send';
export const JUMP = 'jump';
export const BACK = 'back';
export const RETRY = 'retry';
export const EDIT = 'edit';
export const DELETE = 'delete';
export const OTHER_DRAFT = 'other-draft';
export const OFFLINE_BAR = 'offline-bar';
export const WRITE_TO_SELLER = 'write-to-seller';
export const PRODUCT_CARD = 'product-card';
export const NAV = {
  chats: 'nav-chats',
  catalogue: 'nav-catalogue',
  sellers: 'nav-sellers',
  settings: 'nav-settings',
} as const;
/** `sign-in-email`, `sign-in-password`, `sign-in-submit`: the way in; `sign-up`, `change-server`: the ways beside it. */
export const SIGN_IN = {
  email: 'sign-in-email',
  password: 'sign-in-password',
  submit: 'sign-in-submit',
  signUp: 'sign-up',
  server: 'change-server',
} as const;
/** The small window for answers. */
export const ANSWER = { window: 'answer', field: 'answer-field', send: 'answer-send' } as const;
/** The check of notices and line; a row has `data-id` and `data-standing`, the trial `data-state`. */
export const CHECK = {
  open: 'check-open',
  page: 'check-page',
  row: 'check-row',
  mend: 'check-mend',
  trial: 'check-trial',
  show: 'check-show',
  seen: 'check-seen',
  again: 'check-again',
  copy: 'check-copy',
} as const;
/** `sign-out`, `sign-out-surely`: the way out, and the button that confirms it. */
export const SIGN_OUT = { ask: 'sign-out', confirm: 'sign-out-surely' } as const;
/** `way-in`, `way-in-open`: a link from outside, and the button that follows it. */
export const WAY_IN = { dialog: 'way-in', open: 'way-in-open' } as const;
/** `crash`, `crash-show`, `crash-dismiss`, `crash-text`: what the last run left behind. */
export const CRASH = {
  bar: 'crash',
  show: 'crash-show',
  dismiss: 'crash-dismiss',
  text: 'crash-text',
} as const;
/** New versions: what is said of them, the two buttons, and the line above the page with its «later». */
export const UPGRADE = {
  words: 'upgrade-words',
  check: 'upgrade-check',
  install: 'upgrade-install',
  bar: 'upgrade-bar',
  later: 'upgrade-later',
} as const;
/** `server-address`, `server-submit`: the server's address, at first start and in settings. */
export const SERVER = { address: 'server-address', submit: 'server-submit' } as const;
/** The command palette: its dialog, its field, its rows (`data-id`). */
export const PALETTE = { dialog: 'palette', field: 'palette-field', row: 'palette-row' } as const;
/** The emoji: the button beside the field, the picker, its field, one of them. */
export const EMOJI = {
  button: 'emoji-button',
  picker: 'emoji-picker',
  field: 'emoji-field',
  emoji: 'emoji',
} as const;
/** The search within the open thread: the bar, its field, what it says, the ways to older and newer hits, and out. */
export const FIND = {
  bar: 'find',
  field: 'find-field',
  status: 'find-status',
  older: 'find-older',
  newer: 'find-newer',
  close: 'find-close',
} as const;
/** The menu of the right mouse button; its entries are named `menu-…`. */
export const CONTEXT_MENU = 'context-menu';
/** A hint for somebody new (`data-hint`), its way, its cross. */
export const HINT = { card: 'hint', follow: 'hint-follow', putAway: 'hint-put-away' } as const;
/** The account button, its menu, a row of it (`data-seat`), its other entries, the way back from adding one. */
export const ACCOUNTS = {
  button: 'account',
  menu: 'account-menu',
  row: 'account-row',
  add: 'account-add',
  leave: 'account-leave',
  back: 'account-back',
  retry: 'account-retry',
} as const;
