/**
 * What an earlier run left behind when it crashed: told once, and then the person decides.
 */
import type { Bridge } from '../bridge';

/** As the shell wrote it. */
export interface CrashReport {
  text: string;
  path: string;
}

export class Crash {
  #report = $state.raw<CrashReport | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get report(): CrashReport | null {
    return this.#report;
  }

  async load(): Promise<void> {
    this.#report = await this.#bridge.crash_report();
  }

  /** The person has seen it; the file stays. */
  async dismiss(): Promise<void> {
    this.#report = null;
    await this.#bridge.crash_report_seen();
  }

  openFolder(): Promise<void> {
    return this.#bridge.open_reports();
  }
}
