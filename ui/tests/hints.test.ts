import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { fakeBridge } from '../src/bridge/fake';
import { setLanguage } from '../src/l10n.svelte';
import { App } from '../src/state/app.svelte';
import Greeting from './Greeting.svelte';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

describe('hints', () => {
  it('come one at a time, and one that was put away is gone for good', async () => {
    const { bridge } = await play('buyer', null, { seen: [] });
    expect(await screen.findByTestId('hint')).toHaveAttribute('data-hint', 'notices');
    await userEvent.click(screen.getByTestId('hint-put-away'));
    await waitFor(() => expect(screen.queryByTestId('hint')).toBeNull());
    expect((await bridge.first_steps()).seen).toEqual(['notices']);
  });

  it('lead where they speak of', async () => {
    const { app } = await play('seller', null, { seen: ['notices'] });
    expect(await screen.findByTestId('hint')).toHaveAttribute('data-hint', 'keys');
    await userEvent.click(screen.getByTestId('hint-follow'));
    expect(app.overlays.keys).toBe(true);
    await waitFor(() => expect(screen.queryByTestId('hint')).toBeNull());
  });

  it('are not there for whoever has seen them', async () => {
    const { app } = await play('buyer', null, { seen: ['keys', 'notices'] });
    await waitFor(() => expect(app.isReady).toBe(true));
    expect(screen.queryByTestId('hint')).toBeNull();
  });
});

describe('the first page', () => {
  const greet = (home?: string) => {
    const bridge = fakeBridge('buyer', { mode: 'server', stepMs: 5, ...(home ? { home } : {}) });
    const app = App.open(bridge, 'buyer');
    render(Greeting, { app });
    return app;
  };

  it('says in a line what this is, and has the address of the marketplace that built it', async () => {
    greet('https://chat.example.ru');
    expect(await screen.findByText(/^Чат с магазинами/u)).toBeVisible();
    await waitFor(() => expect(screen.getByTestId('server-address')).toHaveValue('https://chat.example.ru'));
  });

  it('offers the address of a link, and says where it is from', async () => {
    const app = greet();
    const field = await screen.findByTestId('server-address');
    expect(field).toHaveValue('');
    app.apply({ kind: 'ask_server', address: 'https://other.example.ru' });
    await waitFor(() => expect(field).toHaveValue('https://other.example.ru'));
    expect(screen.getByText(/^Адрес пришёл по ссылке/u)).toBeVisible();
    expect(app.identity.server).toBeNull();
  });
});
