/**
 * What the person chose on this device. Shown at once, stored through the engine, taken back if that fails.
 */
import type { Bridge } from '../bridge';
import { DEFAULTS } from '../defaults';
import { setLanguage } from '../l10n.svelte';
import type { Settings, Theme } from '../types';

export class SettingsState {
  #value = $state.raw<Settings>(DEFAULTS);
  readonly #bridge: Bridge;
  readonly #dark: MediaQueryList | null =
    typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.#dark?.addEventListener('change', () => this.#show());
  }

  get value(): Settings {
    return this.#value;
  }

  async load(): Promise<void> {
    this.#value = await this.#bridge.settings();
    this.#show();
  }

  /** The languages whose spelling can be checked on this computer. */
  dictionaries(): Promise<string[]> {
    return this.#bridge.dictionaries();
  }

  async change(part: Partial<Settings>): Promise<void> {
    const before = this.#value;
    this.#value = { ...before, ...part };
    this.#show();
    try {
      await this.#bridge.set_settings(this.#value);
    } catch (thrown) {
      this.#value = before;
      this.#show();
      throw thrown;
    }
  }

  #show(): void {
    setLanguage(this.#value.language);
    document.documentElement.dataset['theme'] = this.#theme(this.#value.theme);
  }

  #theme(wanted: Theme): 'light' | 'dark' {
    switch (wanted) {
      case 'light':
      case 'dark':
        return wanted;
      case 'system':
        return this.#dark?.matches ? 'dark' : 'light';
    }
  }
}
