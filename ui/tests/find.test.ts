import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { setLanguage } from '../src/l10n.svelte';
import { cuts } from '../src/marks';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

const status = () => screen.getByTestId('find-status').textContent.replaceAll('\u00a0', ' ');

async function find(text: string): Promise<HTMLElement> {
  await userEvent.keyboard('{Control>}f{/Control}');
  const field = await screen.findByTestId('find-field');
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.type(field, text);
  return field;
}

describe('what is marked', () => {
  it('is cut out of the text, which stays whole', () => {
    for (const [piece, from, marks, expected] of [
      [
        'чай и чай',
        0,
        [
          [0, 3],
          [6, 9],
        ],
        ['[чай]', ' и ', '[чай]'],
      ],
      [
        'чай',
        5,
        [
          [0, 3],
          [6, 7],
        ],
        ['ч', '[а]', 'й'],
      ],
      [
        'чай',
        5,
        [
          [3, 6],
          [7, 20],
        ],
        ['[ч]', 'а', '[й]'],
      ],
      [
        'чай',
        5,
        [
          [0, 5],
          [8, 9],
        ],
        ['чай'],
      ],
      ['', 0, [[0, 3]], []],
    ] as const) {
      const made = cuts(piece, from, marks);
      expect(made.map((cut) => (cut.isMarked ? `[${cut.text}]` : cut.text))).toEqual(expected);
      expect(made.map((cut) => cut.text).join('')).toBe(piece);
    }
  });
});

describe('the search within a chat', () => {
  it('opens with Ctrl+F, counts, marks words as text and walks through the hits', async () => {
    await play('buyer', 'thread-1');
    await find('заказ');
    await waitFor(() => expect(status()).toBe('1 из 2'));
    const marked = () => [...document.querySelectorAll('mark')].map((mark) => mark.textContent);
    expect(marked()).toEqual(['Заказ', 'заказ']);
    const here = () => document.querySelector('[data-hit]')?.textContent;
    expect(here()).toContain('заказ получил');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(status()).toBe('2 из 2'));
    expect(here()).toContain('передан в доставку');
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
    expect(status()).toBe('1 из 2');
    await userEvent.keyboard('{F3}');
    expect(status()).toBe('2 из 2');
    await userEvent.keyboard('{F3}');
    expect(status()).toBe('1 из 2');
    await userEvent.click(screen.getByTestId('find-newer'));
    expect(status()).toBe('2 из 2');
  });

  it('closes with Esc, unmarks, and gives the focus back to the field', async () => {
    const { app } = await play('buyer', 'thread-1');
    await find('заказ');
    await waitFor(() => expect(document.querySelector('mark')).not.toBeNull());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('find')).toBeNull());
    expect(document.querySelector('mark')).toBeNull();
    expect(screen.getByTestId('composer')).toHaveFocus();
    expect(app.router.thread).toBe('thread-1');
  });

  it('says what it cannot find, and when it searches only what is loaded', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    await find('велосипед');
    await waitFor(() => expect(status()).toBe('Ничего не найдено'));
    bridge.goOffline();
    const field = screen.getByTestId('find-field');
    await userEvent.clear(field);
    await userEvent.type(field, 'заказ');
    await screen.findByText('Нет связи: ищу только в загруженном');
    expect(status()).toBe('1 из 2');
    bridge.goOnline();
    await waitFor(() => expect(screen.queryByText('Нет связи: ищу только в загруженном')).toBeNull());
    expect(status()).toBe('1 из 2');
  });

  it('leads to hits far outside of what is loaded', async () => {
    const { bridge } = await play('buyer', 'thread-0');
    const messages = vi.spyOn(bridge, 'messages');
    await find('побольше');
    await waitFor(() => expect(status()).toBe('1 из 1 000+'));
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
    await waitFor(() => expect(status()).toBe('1 000 из 1 000+'));
    await waitFor(() => expect(messages.mock.lastCall?.[1].at).toBe('around'));
    const stretch = messages.mock.lastCall?.[1];
    expect(stretch?.at === 'around' && stretch.seq).toBeLessThan(95_000);
  });
});
