/** What lies over the page: at most one of each, opened by keys, buttons and the palette alike. */
import type { MenuItem } from '../menuItem';

/** A menu at a place of the window. */
export interface OpenMenu {
  x: number;
  y: number;
  items: readonly MenuItem[];
}

export class Overlays {
  palette = $state(false);
  keys = $state(false);
  emoji = $state(false);
  /** Somebody wants to sign out: the dialog asks whether they really do. */
  signOut = $state<'here' | 'everywhere' | null>(null);
  /** The search within the open thread. */
  finder = $state(false);
  #menu = $state.raw<OpenMenu | null>(null);

  get menu(): OpenMenu | null {
    return this.#menu;
  }

  /** Opens a menu where the pointer is, or below what has the focus if a key asked for it. */
  openMenu(event: MouseEvent, items: readonly MenuItem[]): void {
    if (items.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const isByKey = event.clientX === 0 && event.clientY === 0;
    const box = event.target instanceof Element ? event.target.getBoundingClientRect() : null;
    const [x, y] = isByKey && box ? [box.left + 16, box.top + 24] : [event.clientX, event.clientY];
    this.#menu = { x, y, items };
  }

  closeMenu(): void {
    this.#menu = null;
  }
}
