/**
 * Whether a person is really looking: the page is visible and its window has the focus.
 */
export class Attention {
  #isFocused = $state(isLooking());

  constructor() {
    const look = () => (this.#isFocused = isLooking());
    addEventListener('focus', look);
    addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
  }

  get isFocused(): boolean {
    return this.#isFocused;
  }
}

function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
