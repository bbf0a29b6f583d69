/**
 * Page Up and Page Down in a list whose rows are measured only when they are drawn. The browser's own page glides, and
 * ends early wherever a height becomes known; one by pixels skips what turns out taller than it was taken for. So a page
 * is turned around a row: the one at the edge stays in sight, at the other edge.
 */
import { frame } from './frames';

/** What is needed of the list. */
export interface Turnable {
  getScrollOffset(): number;
  getScrollSize(): number;
  getViewportSize(): number;
  findItemIndex(offset: number): number;
  getItemOffset(index: number): number;
  getItemSize(index: number): number;
  scrollTo(offset: number): void;
}

/** A row taller than this part of the screen is read on within itself. */
const TALL = 0.5;
/** How much of the screen such a row then moves. */
const PART = 0.85;
/** A row of which less than this is in sight has not been seen. */
const SEEN_PX = 24;
/** Rows above are measured in two or three rounds; a busy machine needs a few more. */
const ROUNDS = 12;
/** Still for so many frames the turn is over: heights become known late on a busy machine, a page that came in still later. */
const STEADY = 20;
/** While more comes in the row is held where it belongs, but not for ever: two seconds of frames. */
const HELD = 120;

/**
 * Where the row at the edge is to stand afterwards, in pixels below the upper edge.
 *
 * `top` is where it begins now, `size` its height, `height` the screen's.
 */
export function standing(step: 1 | -1, top: number, size: number, height: number): number {
  if (size > height * TALL) return top - step * height * PART;
  return step === -1 ? height - size : 0;
}

/** Turns pages; a new turn takes the place of one that is not over. */
export class PageTurn {
  #turn = 0;

  /**
   * `place` follows a row that is known by its index now: rows may come in or go above it meanwhile, which is when
   * `isFetching` says so, and a moment later.
   */
  async turn(
    list: Turnable,
    step: 1 | -1,
    place: (index: number) => () => number,
    isFetching: () => boolean = () => false,
  ): Promise<void> {
    const mine = ++this.#turn;
    const height = list.getViewportSize();
    const edge = list.getScrollOffset() + (step === -1 ? SEEN_PX : height - SEEN_PX);
    const index = list.findItemIndex(edge);
    const now = place(index);
    const top = list.getItemOffset(index) - list.getScrollOffset();
    const wanted = standing(step, top, list.getItemSize(index), height);
    for (let rounds = 0, held = 0, steady = 0; rounds < ROUNDS && held < HELD && steady < STEADY; held += 1) {
      const at = now();
      if (at < 0 || this.#turn !== mine) return;
      const most = list.getScrollSize() - height;
      const target = Math.min(Math.max(0, list.getItemOffset(at) - wanted), most);
      const isThere = Math.abs(list.getScrollOffset() - target) < 1;
      const isQuiet = !isFetching();
      rounds = isQuiet ? rounds + (isThere ? 0 : 1) : 0;
      steady = isQuiet && isThere ? steady + 1 : 0;
      if (!isThere) list.scrollTo(target);
      await frame();
    }
  }

  /** Whoever goes elsewhere does not want to be held here: the turn is over. */
  stop(): void {
    this.#turn += 1;
  }
}
