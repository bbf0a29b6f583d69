/**
 * Whether a person is really looking: the page is visible and its window has the focus.
 */
export class Attention {
  /** Stops listening. */
  readonly stop: () => void;
  #isFocused = $state(isLooking());

  constructor() {
    const look = () => (this.#isFocused = isLooking());
    const listening = new AbortController();
    const { signal } = listening;
    addEventListener('focus', look, { signal });
    addEventListener('blur', look, { signal });
    document.addEventListener('visibilitychange', look, { signal });
    this.stop = () => listening.abort();
  }

  get isFocused(): boolean {
    return this.#isFocused;
  }
}

function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
