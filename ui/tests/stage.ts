/** Puts the chat on the stage with the fake marketplace behind it. */
import { render, screen } from '@testing-library/svelte';

import { fakeBridge, type FakeBridge, type FakeOptions } from '../src/bridge/fake';
import { App } from '../src/state/app.svelte';
import type { Role } from '../src/types';
import Stage from './Stage.svelte';

export interface Played {
  app: App;
  bridge: FakeBridge;
  container: HTMLElement;
}

export async function play(role: Role, thread: string | null, options: FakeOptions = {}): Promise<Played> {
  const bridge = fakeBridge(role, { stepMs: 5, answers: false, ...options });
  const app = App.open(bridge, role);
  const { container } = render(Stage, { app });
  await screen.findAllByTestId('thread-row');
  if (thread !== null) {
    await app.openThread(thread);
    await screen.findAllByTestId('bubble');
  }
  return { app, bridge, container };
}
