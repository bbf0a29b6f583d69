/**
 * What jsdom lacks and the screens need: sizes (so that long lists draw their rows), dialogs, frames.
 */
import '@testing-library/jest-dom/vitest';

const HEIGHT = 600;
const WIDTH = 400;

class FakeResizeObserver implements ResizeObserver {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element): void {
    const isScroller = target.matches('[role=log], [role=listbox]');
    const contentRect = new DOMRect(0, 0, WIDTH, isScroller ? HEIGHT : 60);
    const size = [{ inlineSize: WIDTH, blockSize: contentRect.height }];
    const entry: ResizeObserverEntry = {
      target,
      contentRect,
      borderBoxSize: size,
      contentBoxSize: size,
      devicePixelContentBoxSize: size,
    };
    queueMicrotask(() => this.#callback([entry], this));
  }

  unobserve(): void {}
  disconnect(): void {}
}

Element.prototype.checkVisibility ??= function (this: Element) {
  return this.isConnected && !this.closest('[hidden]');
};

if (typeof DOMRect === 'undefined') {
  class FakeRect {
    constructor(
      readonly x = 0,
      readonly y = 0,
      readonly width = 0,
      readonly height = 0,
    ) {}
  }
  Object.assign(globalThis, { DOMRect: FakeRect });
}
Object.assign(globalThis, { ResizeObserver: FakeResizeObserver });
for (const [name, value] of [
  ['offsetParent', document.body],
  ['offsetHeight', HEIGHT],
  ['offsetWidth', WIDTH],
  ['clientHeight', HEIGHT],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
}
Object.assign(HTMLElement.prototype, { scrollTo: () => undefined, scrollBy: () => undefined });
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  },
});
document.hasFocus = () => true;
document.documentElement.dataset['app'] = 'buyer';
Object.assign(window, {
  matchMedia: (media: string) => ({
    media,
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});
