/**
 * One answer to a notice: to whom, what is written, and whether it went. What is not sent is kept as the draft.
 */
import { BridgeError, type Bridge } from '../bridge';
import { setLanguage, t } from '../l10n.svelte';
import { characters } from '../text';
import type { ThreadItem } from '../types';
import { sentence } from './toasts.svelte';

/** The server's limit. */
const LIMIT = 4096;
/** A pause in typing after which the words are kept. */
const KEEP_MS = 250;

export class AnswerState {
  #thread = $state.raw<ThreadItem | null>(null);
  #text = $state('');
  #failure = $state<string | null>(null);
  #isBusy = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get thread(): ThreadItem | null {
    return this.#thread;
  }

  get text(): string {
    return this.#text;
  }

  get failure(): string | null {
    return this.#failure;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Characters left; below zero it is too long. */
  get left(): number {
    return LIMIT - characters(this.#text.trim());
  }

  get canSend(): boolean {
    return this.#text.trim() !== '' && this.left >= 0 && !this.#isBusy && this.#thread !== null;
  }

  picture(path: string | null): string | null {
    return this.#bridge.picture(path);
  }

  async load(): Promise<void> {
    try {
      const about = await this.#bridge.answering();
      setLanguage(about.language);
      this.#thread = about.thread;
      this.#text = about.text;
      if (about.failure) this.#failure = sentence(new BridgeError(about.failure));
      if (!about.thread) this.#failure = t('chat-not-found');
    } catch (thrown) {
      this.#failure = sentence(thrown);
    }
  }

  write(text: string): void {
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(false), KEEP_MS);
  }

  /** The window closes by itself once the answer is on the disk. */
  async send(): Promise<void> {
    if (!this.canSend) return;
    clearTimeout(this.#timer);
    this.#isBusy = true;
    this.#failure = null;
    try {
      await this.#bridge.answer(this.#text.trim());
    } catch (thrown) {
      this.#failure = sentence(thrown);
      this.#isBusy = false;
    }
  }

  /** Closes the window; the words stay. */
  async leave(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#keep(true);
  }

  /** The window closes in any case: a draft that could not be kept is no reason to hold the person. */
  async #keep(isLeaving: boolean): Promise<void> {
    await this.#bridge.keep_answer(this.#text, isLeaving).catch(() => undefined);
  }
}
