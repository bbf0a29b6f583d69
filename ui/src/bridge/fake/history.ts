/**
 * The fake's threads. Each has a written end and, before it, as many made-up messages as it is long: message
 * number n is always the same one, so a hundred thousand of them cost nothing until they are looked at.
 */
import type { MessageItem, MessageState, Role, Seq, ThreadItem } from '../../types';
import { buyers, products, sellers } from './market';

/** Who said what, how many minutes ago, about which product. */
type Line = readonly [from: Role, minutesAgo: number, text: string, product?: number];

export interface FakeThread {
  item: ThreadItem;
  script: readonly Line[];
  /** Sent since the start; `seq` follows the script. */
  said: MessageItem[];
  unsent: MessageItem[];
}

const DAY = 1440;

const TALK: readonly (readonly Line[])[] = [
  [
    ['buyer', DAY + 20, 'Здравствуйте! Этот чайник подойдёт для улуна?', 0],
    ['buyer', DAY + 19, 'И какой срок доставки до Казани?'],
    [
      'seller',
      DAY + 16,
      'Добрый день! Да, исинская глина как раз для улунов и пуэров. Объём 280 мл — на 2–3 человека.',
    ],
    ['seller', DAY + 15, 'До Казани — 2–4 дня, доставка 190 ₽, от 3 000 ₽ бесплатно 🚚'],
    ['buyer', 14, 'Отлично, оформил заказ № 1042. Можно подарочную упаковку?'],
    ['seller', 3, 'Да, упакуем бесплатно. Хотите открытку с текстом? Примеры: https://example.ru/otkrytki'],
    ['seller', 2, 'Отправим сегодня до 18:00'],
  ],
  [
    ['seller', 95, 'Заказ передан в доставку, вот номер для отслеживания: 80093412.', 2],
    ['buyer', 90, 'Спасибо, заказ получил!'],
  ],
  [
    ['buyer', DAY * 2, 'Шарф пришёл с затяжкой, можно вернуть?', 3],
    ['seller', DAY + 300, 'Возврат одобрен, деньги вернутся в течение трёх дней.'],
  ],
  [['buyer', DAY * 4, 'Есть ли такая оправа в чёрном цвете?', 4]],
  [
    ['buyer', DAY * 9, 'А кружка выдерживает посудомойку?', 5],
    ['seller', DAY * 9 - 40, 'Да, глазурь пищевая, можно мыть при 60 градусах.'],
  ],
  [['buyer', 1, 'А есть опт от 20 штук?', 6]],
];

const SMALL_TALK = [
  'Добрый день!',
  'Подскажите, пожалуйста, когда отправите?',
  'Сегодня после обеда.',
  'Спасибо, жду. И ещё вопрос: есть ли такой же, но побольше?',
  'Есть на 400 мл, но он дороже и сейчас только под заказ: ждать придётся около двух недель.',
  'Хорошо, тогда беру этот.',
  'Упаковали, трек-номер пришлём вечером.',
  'Отлично 👍',
] as const;

/** The longest thread; the others are as long as they are written. */
const LONG = 100_000;
const START = Date.now();

function at(minutesAgo: number): string {
  return new Date(START - minutesAgo * 60_000).toISOString();
}

function length(thread: number): number {
  return thread === 0 ? LONG : (TALK[thread]?.length ?? 0);
}

/** All threads as one side sees them. */
export function fakeThreads(role: Role): FakeThread[] {
  return TALK.map((script, index) => {
    const other = role === 'buyer' ? sellers[index] : buyers[index];
    const last = script.at(-1) ?? ['seller', 0, ''];
    const head = length(index);
    const unread = unreadAtEnd(script, role, index);
    const mine = last[0] === role;
    const readByMe = head - unread;
    const waits = role === 'seller' && last[0] === 'buyer' && index !== 3;
    return {
      script,
      said: [],
      unsent: [],
      item: {
        id: `thread-${index}`,
        created_at: at(DAY * 30),
        buyer_id: role === 'buyer' ? 'buyer-7' : (other?.id ?? ''),
        seller_id: role === 'seller' ? 'seller-0' : (other?.id ?? ''),
        product_id: `product-${index}`,
        head_seq: head,
        buyer_read_seq: role === 'buyer' ? readByMe : mine && index === 0 ? head : head,
        seller_read_seq: role === 'seller' ? readByMe : head,
        buyer_delivered_seq: head,
        seller_delivered_seq: head,
        last_message: last[2],
        last_message_time: at(last[1]),
        last_sender_type: last[0],
        unread_count: unread,
        counterpart: {
          role: role === 'buyer' ? 'seller' : 'buyer',
          id: other?.id ?? '',
          name: other?.name ?? '',
          avatar_url: null,
          is_online: other?.is_online ?? false,
        },
        activity_ms: START - last[1] * 60_000,
        draft: index === 4 ? 'А в подарочной коробке' : null,
        draft_caret: 0,
        draft_filled: 0,
        other_draft: null,
        waiting_since: waits ? at(last[1]) : null,
        last_state: mine ? { state: 'read' } : null,
      },
    };
  });
}

function unreadAtEnd(script: readonly Line[], role: Role, index: number): number {
  if (index > 2 && index !== 5) return 0;
  let unread = 0;
  for (const line of script.toReversed()) {
    if (line[0] === role) break;
    unread += 1;
  }
  return unread;
}

/** Message number `seq` of a thread. */
export function messageAt(thread: FakeThread, seq: Seq, role: Role): MessageItem | null {
  const made = thread.item.head_seq - thread.said.length;
  if (seq > made) return thread.said[seq - made - 1] ?? null;
  const fromEnd = made - seq;
  const line = thread.script[thread.script.length - 1 - fromEnd] ?? smallTalk(seq, fromEnd);
  const [from, minutesAgo, text, product] = line;
  const isMine = from === role;
  const state: MessageState = isMine ? { state: 'read' } : { state: 'received' };
  const about = product === undefined ? null : (products[product] ?? null);
  return {
    id: `${thread.item.id}-${seq}`,
    thread_id: thread.item.id,
    seq,
    local_order: 0,
    message: text,
    sender_type: from,
    is_mine: isMine,
    created_at: at(minutesAgo),
    state,
    product_id: about?.id ?? null,
    product: about,
  };
}

function smallTalk(seq: Seq, fromEnd: number): Line {
  const from: Role = Math.floor(seq / 3) % 2 === 0 ? 'buyer' : 'seller';
  const text = SMALL_TALK[(seq * 5) % SMALL_TALK.length] ?? '';
  return [from, DAY * 2 + fromEnd * 11, `${text} (${seq})`];
}
