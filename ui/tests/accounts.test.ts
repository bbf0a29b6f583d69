import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { fakeBridge, type FakeBridge, type FakeOptions } from '../src/bridge/fake';
import FrontPage from '../src/components/FrontPage.svelte';
import { setLanguage } from '../src/l10n.svelte';
import { House } from '../src/state/house.svelte';
import Accounts from './Accounts.svelte';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

async function play(options: FakeOptions): Promise<{ house: House; bridge: FakeBridge }> {
  const bridge = fakeBridge('seller', { stepMs: 5, answers: false, ...options });
  const house = House.open(bridge, 'seller');
  render(FrontPage, { house, page: Accounts });
  await waitFor(() => expect(screen.getByTestId('page')).not.toBeEmptyDOMElement());
  return { house, bridge };
}

const isFront = (name: string) => waitFor(() => expect(screen.getByTestId('page')).toHaveTextContent(name));

describe('the menu of accounts', () => {
  it('names each with its shop and what waits there, and changes places', async () => {
    const { house } = await play({ accounts: 2 });
    await userEvent.click(screen.getByTestId('account'));
    const [tea, linen] = screen.getAllByTestId('account-row');
    expect(tea).toHaveAccessibleName(/^Чайная гора, Мария, \d+ непрочитанн/u);
    expect(tea).toHaveAttribute('aria-checked', 'true');
    expect(linen).toHaveTextContent('Льняной двор');
    const before = house.app;
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await isFront('Мария, Льняной двор');
    expect(house.app).not.toBe(before);
    expect(screen.queryByTestId('account-menu')).toBeNull();
  });

  it('closes with Esc, and the focus returns', async () => {
    await play({ accounts: 2 });
    await userEvent.click(screen.getByTestId('account'));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('account-menu')).toBeNull());
    expect(screen.getByTestId('account')).toHaveFocus();
  });

  it('shows one that could not be opened, with a way to try again', async () => {
    const { bridge, house } = await play({ accounts: 2 });
    bridge.broken.add(2);
    bridge.seeTyping('thread-0', false);
    await bridge.mark_read('thread-0', 1);
    await waitFor(() => expect(house.accounts.rows[1]?.fault?.code).toBe('disk'));
    await userEvent.click(screen.getByTestId('account'));
    const row = screen.getAllByTestId('account-row')[1];
    expect(row).toHaveAccessibleName('Учётная запись 2, не открылась, нажмите, чтобы попробовать ещё раз');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(house.app.toasts.items[0]?.text).toContain('Не удалось прочитать'));
    expect(house.app.seat).toBe(1);
    bridge.broken.clear();
    await userEvent.click(screen.getByTestId('account'));
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await isFront('Мария, Льняной двор');
  });

  it('asks before it signs out', async () => {
    const { bridge } = await play({});
    await userEvent.click(screen.getByTestId('account'));
    await userEvent.click(screen.getByTestId('account-leave'));
    await userEvent.click(await screen.findByTestId('sign-out-surely'));
    await waitFor(async () => expect((await bridge.identity()).account).toBeNull());
  });

  it('begins one more, and the way back leads to who was there', async () => {
    const { house } = await play({ accounts: 2 });
    await userEvent.click(screen.getByTestId('account'));
    await userEvent.click(screen.getByTestId('account-add'));
    await waitFor(() => expect(house.app.seat).toBe(3));
    expect(house.accounts.back?.seat).toBe(1);
    expect(house.accounts.signedIn).toHaveLength(2);
  });

  it('counts on its button what waits at the others', async () => {
    const { bridge } = await play({ accounts: 2 });
    const elsewhere = await bridge.of_account(2, null).unread();
    expect(elsewhere).toBeGreaterThan(0);
    await waitFor(() =>
      expect(screen.getByTestId('account')).toHaveAccessibleName(new RegExp(`В других ${elsewhere} `, 'u')),
    );
  });
});

describe('places are changed', () => {
  it('by the number of the account', async () => {
    await play({ accounts: 2 });
    await userEvent.keyboard('{Control>}{Shift>}[Digit2]{/Shift}{/Control}');
    await isFront('Льняной двор');
    await userEvent.keyboard('{Control>}{Shift>}[Digit9]{/Shift}{/Control}');
    await userEvent.keyboard('{Control>}{Shift>}[Digit1]{/Shift}{/Control}');
    await isFront('Чайная гора');
  });

  it('from the palette', async () => {
    await play({ accounts: 3 });
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByTestId('palette-field'), 'аккаунт глин');
    await waitFor(() =>
      expect(screen.getAllByTestId('palette-row')[0]).toHaveTextContent('Перейти в аккаунт: Глиняный кот'),
    );
    await userEvent.keyboard('{Enter}');
    await isFront('Глиняный кот');
  });

  it('and the sheet of keys tells of it only where there are several', async () => {
    const { house } = await play({});
    house.app.overlays.keys = true;
    await screen.findByText('Быстрый переход и команды');
    expect(screen.queryByText('К учётной записи по номеру')).toBeNull();
  });
});

describe('a page', () => {
  it('hears nothing more once another account is in front', async () => {
    const { house, bridge } = await play({ accounts: 2 });
    const tea = house.app;
    await waitFor(() => expect(tea.threads.isLoaded).toBe(true));
    const [first] = tea.threads.list;
    const before = first?.head_seq;
    await house.accounts.switchTo(2);
    await isFront('Льняной двор');
    bridge.hear(first?.id ?? '', 'После ухода');
    await waitFor(() => expect(house.accounts.rows[0]?.unread).toBeGreaterThan(tea.threads.unread));
    expect(tea.threads.get(first?.id ?? '')?.head_seq).toBe(before);
  });
});
