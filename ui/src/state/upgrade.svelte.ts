/**
 * New versions of the app itself. The shell looks once a day by itself; here it is asked from time to time what it found.
 */
import type { Bridge } from '../bridge';
import type { UpgradeStanding } from '../bridge/upgrade';

/** The answer is the shell's own memory, so asking costs nothing. */
const ASK_MS = 60 * 60 * 1000;

export class Upgrade {
  #standing = $state.raw<UpgradeStanding>({ way: 'off', found: null, is_installed: false, restarts: false });
  #isKnown = $state(false);
  #putOff = $state<string | null>(null);
  #busy = $state<'checking' | 'installing' | null>(null);
  #isNewest = $state(false);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get standing(): UpgradeStanding {
    return this.#standing;
  }

  /** The shell has answered. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get busy(): 'checking' | 'installing' | null {
    return this.#busy;
  }

  /** The person asked, and there was nothing newer. */
  get isNewest(): boolean {
    return this.#isNewest;
  }

  /** The version that is worth a line above the page: found, and not put off. */
  get told(): string | null {
    const { found } = this.#standing;
    return found === this.#putOff ? null : found;
  }

  /** Asks now and every hour. Returns how to stop. */
  follow(): () => void {
    const ask = () => void this.load().catch(() => undefined);
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }

  async load(): Promise<void> {
    this.#standing = await this.#bridge.upgrade();
    this.#isKnown = true;
  }

  /** Not now; in the settings it still stands. */
  putOff(): void {
    this.#putOff = this.#standing.found;
  }

  async check(): Promise<void> {
    this.#isNewest = false;
    await this.#do('checking', () => this.#bridge.check_upgrade());
    this.#isNewest = this.#standing.found === null && !this.#standing.is_installed;
  }

  install(): Promise<void> {
    return this.#do('installing', () => this.#bridge.install_upgrade());
  }

  async #do(what: 'checking' | 'installing', ask: () => Promise<UpgradeStanding>): Promise<void> {
    if (this.#busy) return;
    this.#busy = what;
    try {
      this.#standing = await ask();
    } catch (thrown) {
      await this.load();
      throw thrown;
    } finally {
      this.#busy = null;
    }
  }
}
