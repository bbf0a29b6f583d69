import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { emojis, searched } from '../src/emoji';
import { setLanguage } from '../src/l10n.svelte';
import { otherLayout, ranked, type PaletteItem } from '../src/palette';
import { stepped } from '../src/zoom';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

const item = (title: string): PaletteItem => ({ id: title, kind: 'command', title, act: () => undefined });
const titles = (words: string[], query: string, recent: string[] = []) =>
  ranked(words.map(item), query, recent).map((each) => each.title);

describe('the palette finds', () => {
  it('what was typed on the wrong layout, either way', () => {
    expect(otherLayout('ghbdtn')).toBe('привет');
    expect(titles(['Чайная гора', 'Лён и Нить'], 'xfqyfz')).toEqual(['Чайная гора']);
    expect(titles(['Settings', 'Sellers'], 'ыуеештпы')).toEqual(['Settings']);
  });

  it('with ё or е, and with letters left out', () => {
    expect(titles(['Лён и Нить', 'Чайная гора'], 'лен')).toEqual(['Лён и Нить']);
    expect(titles(['Открыть настройки', 'Тёмная тема'], 'нстрк')).toEqual(['Открыть настройки']);
  });

  it('what begins so before what has it inside, and recent ones first', () => {
    expect(titles(['Белый чай', 'Чай зелёный'], 'чай')).toEqual(['Чай зелёный', 'Белый чай']);
    expect(titles(['один', 'два', 'три'], '', ['три'])).toEqual(['три', 'один', 'два']);
  });

  it('nothing where nothing fits', () => {
    expect(titles(['Чайная гора'], 'велосипед')).toEqual([]);
  });
});

describe('the palette', () => {
  it('opens with Ctrl+K and goes to a chat by keyboard alone', async () => {
    const { app } = await play('buyer', null);
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByTestId('palette-field'), 'xfqyfz');
    await waitFor(() => expect(screen.getAllByTestId('palette-row')[0]).toHaveTextContent('Чайная гора'));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(app.router.thread).toBe('thread-0'));
    expect(screen.queryByTestId('palette')).toBeNull();
  });

  it('says to a screen reader which row Enter takes', async () => {
    await play('seller', null);
    await userEvent.keyboard('{Control>}k{/Control}');
    const field = await screen.findByTestId('palette-field');
    expect(field).toHaveAttribute('role', 'combobox');
    await fireEvent.keyDown(field, { key: 'ArrowDown' });
    const active = document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
    expect(active).toHaveAttribute('aria-selected', 'true');
    expect(active).toBe(screen.getAllByTestId('palette-row')[1]);
  });
});

describe('the emoji', () => {
  it('are found in Russian and in English', async () => {
    const all = await emojis();
    expect(searched(all, 'сердце').length).toBeGreaterThan(3);
    expect(searched(all, 'чай').map((each) => each.char)).toContain('🍵');
    expect(searched(all, 'thumbs up').map((each) => each.char)).toContain('👍️');
    expect(searched(all, 'ёлка').map((each) => each.char)).toContain('🎄');
    expect(searched(all, 'ыыыы')).toEqual([]);
  });

  it('come in at the caret, and the focus returns to the field', async () => {
    await play('buyer', 'thread-1');
    const field = screen.getByTestId<HTMLTextAreaElement>('composer');
    await userEvent.type(field, 'да!');
    field.setSelectionRange(2, 2);
    await userEvent.keyboard('{Control>}e{/Control}');
    await userEvent.type(await screen.findByTestId('emoji-field'), 'новогодняя ёлка');
    await waitFor(() => expect(screen.getAllByTestId('emoji')[0]).toHaveTextContent('🎄'));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(field).toHaveValue('да🎄!'));
    expect(field).toHaveFocus();
    expect(screen.queryByTestId('emoji-picker')).toBeNull();
  });
});

describe('zoom', () => {
  it('goes by steps between 50 and 200 percent', () => {
    expect(stepped(100, 1)).toBe(110);
    expect(stepped(200, 1)).toBe(200);
    expect(stepped(50, -1)).toBe(50);
  });

  it('is kept in the settings, by keys and by the wheel', async () => {
    const { app, bridge } = await play('buyer', null);
    await userEvent.keyboard('{Control>}[Equal]{/Control}');
    expect(app.settings.value.zoom).toBe(110);
    await fireEvent.wheel(window, { ctrlKey: true, deltaY: -1 });
    await waitFor(async () => expect((await bridge.settings()).zoom).toBe(125));
    await userEvent.keyboard('{Control>}[Digit0]{/Control}');
    expect(app.settings.value.zoom).toBe(100);
  });
});

describe('the menu of a row and of a message', () => {
  it('marks a thread as read without opening it', async () => {
    const { app } = await play('buyer', null);
    const row = screen.getAllByTestId('thread-row').find((each) => each.dataset['threadId'] === 'thread-0');
    await fireEvent.contextMenu(row ?? document.body, { clientX: 5, clientY: 5 });
    await userEvent.click(await screen.findByTestId('menu-mark-read'));
    await waitFor(() => expect(app.threads.get('thread-0')?.unread_count).toBe(0));
    expect(app.router.thread).toBeNull();
  });

  it('copies the words of a message, and Escape closes it', async () => {
    await play('buyer', 'thread-1');
    const user = userEvent.setup();
    const bubble = screen.getAllByTestId('bubble').at(-1) ?? document.body;
    await fireEvent.contextMenu(bubble, { clientX: 5, clientY: 5 });
    await user.click(await screen.findByTestId('menu-copy-text'));
    expect(await navigator.clipboard.readText()).toBe(bubble.querySelector('.text')?.textContent);
    await fireEvent.contextMenu(bubble, { clientX: 5, clientY: 5 });
    await fireEvent.keyDown(await screen.findByTestId('context-menu'), { key: 'Escape' });
    expect(screen.queryByTestId('context-menu')).toBeNull();
  });
});

describe('keys of one letter', () => {
  it('can be turned off', async () => {
    const { app } = await play('seller', null);
    await app.settings.change({ letter_keys: false });
    await userEvent.keyboard('gl');
    expect(app.router.thread).toBeNull();
    await app.settings.change({ letter_keys: true });
    await userEvent.keyboard('gl');
    expect(app.router.thread).toBe(app.threads.queue[0]?.id);
  });
});
