/** The small window in which a notice is answered: none of the app's state, so that it is there at once. */
import '@fontsource-variable/golos-text/index.css';
import '@prilavok/ui/tokens.css';
import '@prilavok/ui/base.css';

import type { Bridge } from '@prilavok/ui/bridge';
import { tauriBridge } from '@prilavok/ui/bridge/tauri';
import Answer from '@prilavok/ui/pages/Answer.svelte';
import { AnswerState } from '@prilavok/ui/state/answer.svelte.ts';
import { mount } from 'svelte';

async function bridge(): Promise<Bridge> {
  if ('__TAURI_INTERNALS__' in window) return tauriBridge();
  return (await import('@prilavok/ui/bridge/fake')).fakeBridge('seller');
}

const target = document.getElementById('app');
if (!target) throw new Error('answer.html has lost its #app');
mount(Answer, { target, props: { answer: new AnswerState(await bridge()) } });
