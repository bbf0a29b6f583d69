/** The buyer's window: the engine behind Tauri, or, in a plain browser, the fake that tests use too. */
import '@fontsource-variable/onest/index.css';
import '@prilavok/ui/tokens.css';
import '@prilavok/ui/base.css';

import type { Bridge } from '@prilavok/ui/bridge';
import { tauriBridge } from '@prilavok/ui/bridge/tauri';
import FrontPage from '@prilavok/ui/components/FrontPage.svelte';
import { House } from '@prilavok/ui/state/house.svelte.ts';
import { mount } from 'svelte';

import Buyer from './Buyer.svelte';

async function bridge(): Promise<Bridge> {
  if ('__TAURI_INTERNALS__' in window) return tauriBridge();
  return (await import('@prilavok/ui/bridge/fake')).fakeBridge('buyer');
}

const target = document.getElementById('app');
if (!target) throw new Error('index.html has lost its #app');
const house = House.open(await bridge(), 'buyer');
mount(FrontPage, { target, props: { house, page: Buyer } });
