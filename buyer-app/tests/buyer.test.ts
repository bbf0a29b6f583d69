import { fakeBridge, type FakeOptions } from '@prilavok/ui/bridge/fake';
import { BridgeError } from '@prilavok/ui/bridge';
import { setLanguage } from '@prilavok/ui/l10n.svelte.ts';
import { App } from '@prilavok/ui/state/app.svelte.ts';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';

import { isAccessible } from '../../ui/tests/axe';
import Buyer from '../src/Buyer.svelte';

beforeEach(() => {
  document.documentElement.lang = 'ru';
  document.title = 'Прилавок';
  setLanguage('ru');
});

function open(options: FakeOptions = {}) {
  const bridge = fakeBridge('buyer', { stepMs: 1, answers: false, ...options });
  render(Buyer, { app: App.open(bridge, 'buyer') });
  return bridge;
}

async function press(testid: string) {
  await fireEvent.click(await screen.findByTestId(testid));
}

async function write(testid: string, value: string) {
  await fireEvent.input(await screen.findByTestId(testid), { target: { value } });
}

describe('the way in', () => {
  test('the first start asks for the server and says what is wrong with an address', async () => {
    open({ mode: 'server' });
    await write('server-address', 'сервер');
    await press('server-submit');
    expect(await screen.findByText(/не похоже на адрес сервера/)).toBeVisible();
    await isAccessible();
    await write('server-address', 'chat.example.ru');
    await press('server-submit');
    expect(await screen.findByTestId('sign-in-email')).toBeVisible();
  });

  test('what is missing is said before anything is asked of the server', async () => {
    open({ mode: 'signin' });
    await press('sign-in-submit');
    expect(await screen.findAllByText('Заполните это поле.')).toHaveLength(2);
    await isAccessible();
  });

  test('a wrong password is refused in words, the right one opens the chats', async () => {
    open({ mode: 'signin' });
    await write('sign-in-email', 'anna@demo.prilavok');
    await write('sign-in-password', 'не тот пароль');
    await press('sign-in-submit');
    expect(await screen.findByText(/Неверная почта или пароль/)).toBeVisible();
    await write('sign-in-password', 'prilavok-demo');
    await press('sign-in-submit');
    expect(await screen.findByTestId('nav-chats')).toHaveAttribute('aria-current', 'page');
  });

  test('signing up wants a longer password', async () => {
    open({ mode: 'signin' });
    await fireEvent.click(await screen.findByText('Зарегистрироваться'));
    await write('sign-in-password', 'коротко');
    await press('sign-in-submit');
    expect(await screen.findByText(/короче 8 знаков/)).toBeVisible();
    await isAccessible();
  });
});

describe('the catalogue', () => {
  test('finds by words, and a search without results can be reset', async () => {
    open();
    await press('nav-catalogue');
    const all = await screen.findAllByTestId('product-card');
    expect(all.length).toBeGreaterThan(8);
    await isAccessible();
    const search = screen.getByRole('searchbox');
    await fireEvent.input(search, { target: { value: 'кружка' } });
    await fireEvent.keyDown(search, { key: 'Enter' });
    await expect.poll(() => screen.getAllByTestId('product-card').length).toBeLessThan(all.length);
    for (const card of screen.getAllByTestId('product-card')) expect(card).toHaveTextContent(/кружка/iu);
    await fireEvent.input(search, { target: { value: 'такого нет' } });
    await fireEvent.keyDown(search, { key: 'Enter' });
    expect(await screen.findByText('По запросу «такого нет» ничего не нашлось')).toBeVisible();
    const [reset] = screen.getAllByText('Сбросить фильтры');
    if (reset) await fireEvent.click(reset);
    await expect.poll(() => screen.queryAllByTestId('product-card').length).toBe(all.length);
  });

  test('shows one shop only when that shop is chosen', async () => {
    open();
    await press('nav-catalogue');
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Чайная гора' }));
    await expect
      .poll(() =>
        screen.getAllByTestId('product-card').every((card) => card.textContent.includes('Чайная гора')),
      )
      .toBe(true);
  });

  test('a price the wrong way round is said, not asked', async () => {
    open();
    await press('nav-catalogue');
    await fireEvent.input(await screen.findByLabelText('Цена от'), { target: { value: '5 000' } });
    await fireEvent.input(screen.getByLabelText('Цена до'), { target: { value: '100' } });
    expect(await screen.findByText(/поменяйте их местами/)).toBeVisible();
  });
});

describe('«Написать продавцу»', () => {
  test('opens the chat with the line about the product in the field', async () => {
    open();
    await press('nav-catalogue');
    const [card] = await screen.findAllByTestId('product-card');
    if (card) await fireEvent.click(card);
    await press('write-to-seller');
    const field = await screen.findByTestId('composer');
    await expect.poll(() => field).toHaveProperty('value', expect.stringContaining('Чайник'));
    expect(screen.getByTestId('nav-chats')).toHaveAttribute('aria-current', 'page');
  });

  test('says that it works, and why it failed', async () => {
    const bridge = open();
    let refuse: () => void = () => undefined;
    bridge.start = () =>
      new Promise((_, reject) => {
        refuse = () => reject(new BridgeError({ code: 'network', detail: null, retry_after_ms: null }));
      });
    await press('nav-sellers');
    const [button] = await screen.findAllByTestId('write-to-seller');
    if (button) await fireEvent.click(button);
    expect(button).toHaveTextContent('Создание чата…');
    refuse();
    expect(await screen.findByText(/Нет соединения с сервером/)).toBeVisible();
    expect(button).toHaveTextContent('Написать продавцу');
  });
});

describe('every page', () => {
  test('a product names its price, its shop and what else there is', async () => {
    open();
    await press('nav-catalogue');
    const [card] = await screen.findAllByTestId('product-card');
    if (card) await fireEvent.click(card);
    expect(await screen.findByRole('heading', { level: 1, name: /Чайник/ })).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'Товары магазина' })).toBeVisible();
    await isAccessible();
  });

  test('the sellers have a card each', async () => {
    open();
    await press('nav-sellers');
    const list = await screen.findByRole('list', { name: 'Продавцы' });
    await expect.poll(() => within(list).queryAllByRole('article').length).toBeGreaterThan(3);
    await isAccessible();
  });

  test('settings hold at once, and the language redraws the page', async () => {
    const bridge = open();
    await press('nav-settings');
    await fireEvent.click(await screen.findByRole('switch', { name: /Отправлять по Enter/ }));
    await expect.poll(async () => (await bridge.settings()).enter_sends).toBe(false);
    await isAccessible();
    await fireEvent.click(screen.getByRole('radio', { name: 'English' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  });

  test('a device can be signed out from here', async () => {
    const bridge = open();
    await press('nav-settings');
    await fireEvent.click(await screen.findByRole('button', { name: /Завершить вход на устройстве/ }));
    await expect.poll(async () => (await bridge.sessions()).length).toBe(1);
    expect(screen.queryByRole('button', { name: /Завершить вход/ })).toBeNull();
  });

  test('signing out is asked first', async () => {
    open();
    await press('nav-settings');
    await fireEvent.click(await screen.findByRole('button', { name: 'Выйти' }));
    expect(await screen.findByText('Выйти на этом устройстве?')).toBeInTheDocument();
    const [, confirm] = screen.getAllByText('Выйти', { selector: 'button *' });
    if (confirm) await fireEvent.click(confirm);
    expect(await screen.findByTestId('sign-in-email')).toBeInTheDocument();
  });

  test('without chats there is a way to the catalogue', async () => {
    open({ mode: 'empty' });
    expect(await screen.findByText('Чатов пока нет')).toBeVisible();
    await isAccessible();
    await fireEvent.click(screen.getByText('В каталог'));
    expect(screen.getByTestId('nav-catalogue')).toHaveAttribute('aria-current', 'page');
  });
});
