/** The fake's conversations: what is stored in each thread, and how a message goes its way. */
import { fakeThreads, messageAt, type FakeThread } from './history';
import { refusal } from './refusal';
import type {
  MessageItem,
  MessagePage,
  MessageState,
  Role,
  Seq,
  Stretch,
  ThreadItem,
  Update,
} from '../../types';

const ANSWERS = [
  'Сейчас уточню и сразу напишу.',
  'Да, всё верно!',
  'Спасибо за вопрос 🙂 Отправим завтра утром.',
];

/** What the conversations stand in. */
interface World {
  role: Role;
  /** The other side answers what it has read. */
  answers: boolean;
  isEmpty: boolean;
  isOnline: () => boolean;
  emit: (...updates: Update[]) => void;
  /** Does it so many steps of a delivery later. */
  later: (steps: number, act: () => void) => void;
}

export class FakeTalk {
  readonly threads = new Map<string, FakeThread>();
  readonly #world: World;
  #counter = 0;

  constructor(world: World) {
    this.#world = world;
    if (world.isEmpty) return;
    for (const each of fakeThreads(world.role)) this.threads.set(each.item.id, each);
  }

  get all(): FakeThread[] {
    return [...this.threads.values()];
  }

  thread(id: string): FakeThread {
    const one = this.threads.get(id);
    if (!one) throw refusal('not_found');
    return one;
  }

  unread(): number {
    return this.all.reduce((sum, each) => sum + each.item.unread_count, 0);
  }

  /** A number that was not there before. */
  next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  change(id: string, part: Partial<ThreadItem>): void {
    const one = this.thread(id);
    one.item = { ...one.item, ...part };
    this.#world.emit({ kind: 'thread', thread: one.item }, { kind: 'unread', total: this.unread() });
  }

  page(one: FakeThread, stretch: Stretch, limit: number): MessagePage {
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
      const message = messageAt(one, seq, this.#world.role);
      if (message) messages.push(message);
    }
    if (to === head) messages.push(...one.unsent);
    return { messages, has_older: from > 1, has_newer: to < head, incomplete: false };
  }

  /** A message that nobody has stored yet. */
  write(
    id: string,
    own: { id: string; text: string; by: Role; about?: MessageItem['product'] },
  ): MessageItem {
    const isMine = own.by === this.#world.role;
    return {
      id: own.id,
      thread_id: id,
      seq: null,
      local_order: this.#counter,
      message: own.text,
      sender_type: own.by,
      is_mine: isMine,
      created_at: new Date().toISOString(),
      state: { state: isMine ? 'queued' : 'received' },
      product_id: own.about?.id ?? null,
      product: own.about ?? null,
    };
  }

  progress(one: FakeThread, message: MessageItem, state: MessageState): MessageItem {
    const next = { ...message, state };
    one.unsent = one.unsent.map((each) => (each.id === message.id ? next : each));
    one.said = one.said.map((each) => (each.id === message.id ? next : each));
    this.#world.emit({ kind: 'message', message: next });
    return next;
  }

  store(one: FakeThread, message: MessageItem): MessageItem {
    const seq = one.item.head_seq + 1;
    const stored: MessageItem = { ...message, seq };
    one.unsent = one.unsent.filter((each) => each.id !== message.id);
    one.said = [...one.said, stored];
    one.item = { ...one.item, head_seq: seq };
    this.#world.emit({ kind: 'message', message: stored });
    return stored;
  }

  deliver(one: FakeThread, message: MessageItem): void {
    const { role, later, answers } = this.#world;
    if (!this.#world.isOnline()) return;
    const sending = this.progress(one, message, { state: 'sending' });
    later(1, () => {
      const stored = this.store(one, { ...sending, state: { state: 'sent' } });
      this.change(one.item.id, { last_state: { state: 'sent' } });
      later(1, () => this.progress(one, stored, { state: 'delivered' }));
      later(2, () => {
        const mark = role === 'buyer' ? 'seller_read_seq' : 'buyer_read_seq';
        this.change(one.item.id, { [mark]: stored.seq, last_state: { state: 'read' } });
        if (answers) this.#answer(one.item.id);
      });
    });
  }

  /** The other side writes. */
  hear(id: string, text: string): void {
    const { role, emit } = this.#world;
    const one = this.thread(id);
    const other: Role = role === 'buyer' ? 'seller' : 'buyer';
    emit({ kind: 'typing', thread_id: id, is_typing: false });
    const heard = this.write(id, { id: `heard-${this.next()}-${Date.now()}`, text, by: other });
    this.store(one, heard);
    this.change(id, {
      unread_count: one.item.unread_count + 1,
      activity_ms: Date.now(),
      last_message: text,
      last_message_time: heard.created_at,
      last_sender_type: other,
      last_state: null,
      waiting_since: role === 'seller' ? (one.item.waiting_since ?? heard.created_at) : null,
    });
  }

  #answer(id: string): void {
    this.#world.emit({ kind: 'typing', thread_id: id, is_typing: true });
    const text = ANSWERS[this.next() % ANSWERS.length] ?? '';
    this.#world.later(4, () => this.hear(id, text));
  }
}
