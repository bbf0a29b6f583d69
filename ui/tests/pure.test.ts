import { beforeEach, describe, expect, it } from 'vitest';

import { badge, day, elapsed, listTime, money } from '../src/format';
import { setLanguage, t } from '../src/l10n.svelte';
import { isOpenable, tokens } from '../src/links';
import { buyerPanes, listWidth, sellerPanes } from '../src/panes';
import { characters, cleanName, initials } from '../src/text';
import { progress } from '../src/ticks';
import { rows } from '../src/timeline';
import type { MessageItem, MessageState, Role } from '../src/types';
import { fakeThreads } from '../src/bridge/fake/history';
import { urgency } from '../src/waiting';

beforeEach(() => setLanguage('ru'));

function message(
  seq: number | null,
  from: Role,
  minute: number,
  state: MessageState = { state: 'sent' },
): MessageItem {
  return {
    id: `m${seq}-${minute}`,
    thread_id: 'thread-0',
    seq,
    local_order: 0,
    message: 'Здравствуйте',
    sender_type: from,
    is_mine: from === 'buyer',
    created_at: new Date(2026, 10, 22, 10, minute).toISOString(),
    state,
    product_id: null,
    product: null,
  };
}

describe('links', () => {
  it.each([
    ['смотрите https://example.ru/a, там', 'https://example.ru/a'],
    ['(https://example.ru/a_(b))', 'https://example.ru/a_(b)'],
    ['пишите на a.b@example.ru!', 'mailto:a.b@example.ru'],
    ['www.example.ru', 'https://www.example.ru/'],
  ])('%s has an address', (text, url) => {
    const found = tokens(text).find((piece) => piece.kind === 'link');
    expect(found?.kind === 'link' && found.url).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    '<b>жирно</b>',
    'ftp://example.ru',
  ])('%s stays text', (text) => {
    expect(tokens(text)).toEqual([{ kind: 'text', text }]);
    expect(isOpenable(text)).toBe(false);
  });

  it('says the true host where the text could hide it', () => {
    const hostOf = (text: string) =>
      tokens(text).map((piece) => (piece.kind === 'link' ? piece.host : null))[0];
    expect(hostOf('https://bank.ru@evil.example/')).toBe('evil.example');
    expect(hostOf('https://аррle.com/')).toMatch(/^xn--/u);
    expect(hostOf('https://example.ru/')).toBeNull();
  });

  it('loses no character', () => {
    const text = 'а https://example.ru/x?y=1#z, б mail@example.ru.';
    expect(
      tokens(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('text of strangers', () => {
  it('cannot turn a name around', () => {
    expect(cleanName('Чай\u202Eная\u2066 гора\u2069')).toBe('Чайная гора');
    expect(cleanName('две\nстроки')).toBe('две строки');
  });

  it('gives initials', () => {
    expect(['Чайная гора', 'ТехноКит', 'Лён и Нить', 'Айрат К.', '«»'].map(initials)).toEqual([
      'ЧГ',
      'ТК',
      'ЛН',
      'АК',
      '?',
    ]);
  });

  it('counts characters as the server does', () => {
    expect(characters('чай🚚')).toBe(4);
  });
});

describe('format', () => {
  const now = new Date(2026, 10, 22, 14, 32).getTime();
  const at = (month: number, date: number, year = 2026) => new Date(year, month, date, 9, 5).toISOString();

  it('names days', () => {
    expect(day(at(10, 22), now)).toBe('Сегодня');
    expect(day(at(10, 21), now)).toBe('Вчера');
    expect(day(at(10, 12), now)).toBe('12 ноября');
    expect(day(at(10, 12, 2024), now)).toBe('12 ноября 2024');
  });

  it('names times in a list', () => {
    expect(listTime(at(10, 22), now)).toBe('09:05');
    expect(listTime(at(10, 21), now)).toBe('вчера');
    expect(listTime(at(10, 18), now)).toBe('ср');
    expect(listTime(at(10, 12, 2024), now)).toBe('12.11.2024');
  });

  it('writes money, counts and clocks', () => {
    expect(money(2490).replace(/\s/gu, ' ')).toBe('2 490 ₽');
    expect(money(12480.5).replace(/\s/gu, ' ')).toBe('12 480,50 ₽');
    expect([7, 99, 100].map(badge)).toEqual(['7', '99', '99+']);
    expect([38_000, 161_000, 3_725_000].map(elapsed)).toEqual(['0:38', '2:41', '1:02:05']);
  });

  it('has the right Russian plurals', () => {
    const words = (count: number) => t('row-name-unread', { count });
    expect([1, 2, 5, 11, 21].map(words)).toEqual([
      '1 непрочитанное',
      '2 непрочитанных',
      '5 непрочитанных',
      '11 непрочитанных',
      '21 непрочитанное',
    ]);
    const left = (count: number) => t('composer-left', { count });
    expect([1, 3, 12].map(left)).toEqual(['остался 1 знак', 'осталось 3 знака', 'осталось 12 знаков']);
  });
});

describe('rows', () => {
  it('group by author, pause, and the divider', () => {
    const made = rows(
      [message(1, 'buyer', 0), message(2, 'buyer', 4), message(3, 'buyer', 10), message(4, 'seller', 10)],
      3,
      false,
    );
    expect(made.map((row) => row.startsGroup)).toEqual([true, false, true, true]);
    expect(made.map((row) => row.endsGroup)).toEqual([false, true, true, true]);
    expect(made.map((row) => row.startsUnread)).toEqual([false, false, true, false]);
    expect(made.map((row) => row.startsDay)).toEqual([true, false, false, false]);
  });

  it('open no day while older messages exist', () => {
    expect(rows([message(9, 'buyer', 0)], null, true)[0]?.startsDay).toBe(false);
  });
});

describe('ticks', () => {
  const [first] = fakeThreads('buyer');
  const thread = first ? { ...first.item, seller_read_seq: 5, seller_delivered_seq: 7 } : null;

  it('follow the marks of the thread', () => {
    expect([5, 7, 8].map((seq) => progress(message(seq, 'buyer', 0), thread))).toEqual([
      'read',
      'delivered',
      'sent',
    ]);
  });

  it('leave the unsent and the failed alone', () => {
    expect(progress(message(null, 'buyer', 0, { state: 'queued' }), thread)).toBe('queued');
    expect(progress(message(null, 'buyer', 0, { state: 'failed', reason: 'forbidden' }), thread)).toBe(
      'failed',
    );
  });
});

describe('panes', () => {
  it.each([
    [360, 'alone', 'page'],
    [719, 'alone', 'page'],
    [720, 'beside', 'drawer'],
    [1200, 'beside', 'column'],
    [1920, 'beside', 'column'],
  ])('a buyer at %i px', (width, list, info) => expect(buyerPanes(width)).toMatchObject({ list, info }));

  it.each([
    [360, 'alone', 'page'],
    [839, 'alone', 'page'],
    [840, 'beside', 'drawer'],
    [1280, 'beside', 'column'],
  ])('a seller at %i px', (width, list, info) => expect(sellerPanes(width)).toMatchObject({ list, info }));

  it('keep a dragged list within its limits', () => {
    expect([100, 333.4, 900].map(listWidth)).toEqual([280, 333, 400]);
  });
});

it('a waiting buyer grows more urgent', () => {
  expect([59_999, 60_000, 100_000, 100_001].map(urgency)).toEqual(['info', 'warning', 'warning', 'danger']);
});
