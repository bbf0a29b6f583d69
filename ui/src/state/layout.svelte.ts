/**
 * How wide the panes are and whether the info pane stands open; remembered on this device.
 */
const KEY = 'prilavok-layout';

interface Remembered {
  list: number | null;
  info: boolean;
}

function remembered(): Remembered {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return { list: null, info: true };
    const list = 'list' in stored && typeof stored.list === 'number' ? stored.list : null;
    return { list, info: !('info' in stored) || stored.info !== false };
  } catch {
    return { list: null, info: true };
  }
}

export class Layout {
  #list = $state<number | null>(null);
  #info = $state(true);
  #drawer = $state(false);

  constructor() {
    const { list, info } = remembered();
    this.#list = list;
    this.#info = info;
  }

  /** The list's width as dragged; null: the usual one. */
  get list(): number | null {
    return this.#list;
  }

  set list(width: number | null) {
    this.#list = width;
    this.#remember();
  }

  /** The info pane beside the chat, where there is room for it. */
  get info(): boolean {
    return this.#info;
  }

  set info(isOpen: boolean) {
    this.#info = isOpen;
    this.#remember();
  }

  /** The info pane over the chat, where there is no room beside it. Not remembered. */
  get drawer(): boolean {
    return this.#drawer;
  }

  set drawer(isOpen: boolean) {
    this.#drawer = isOpen;
  }

  /** Set by the panes: whether there is room for the info pane beside the chat. */
  hasInfoColumn = $state(false);

  /** Whether the info pane is to be seen now. */
  get isInfoShown(): boolean {
    return this.hasInfoColumn ? this.#info : this.#drawer;
  }

  toggleInfo(): void {
    if (this.hasInfoColumn) this.info = !this.#info;
    else this.#drawer = !this.#drawer;
  }

  #remember(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ list: this.#list, info: this.#info }));
    } catch {
      // Storage is a comfort; without it the usual widths return at the next start.
    }
  }
}
