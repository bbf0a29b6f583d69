/**
 * Whether the app starts with the session. The system's entry is the truth: it is asked each time, not remembered.
 */
import type { Bridge } from '../bridge';

export class Autostart {
  #isOn = $state<boolean | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Null until the system has answered. */
  get isOn(): boolean | null {
    return this.#isOn;
  }

  async load(): Promise<void> {
    this.#isOn = await this.#bridge.autostart();
  }

  async set(isOn: boolean): Promise<void> {
    try {
      await this.#bridge.set_autostart(isOn);
    } finally {
      await this.load();
    }
  }
}
