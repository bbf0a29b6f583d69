/**
 * How many panes fit side by side, and how wide they are. Pure; one function an app, as its window is used.
 */
export interface PaneLayout {
  /** The list fills the window until a thread is opened, or stays beside it. */
  list: 'alone' | 'beside';
  listWidth: number;
  /** What is known about the other side: a page of its own, a drawer over the chat, or a column. */
  info: 'page' | 'drawer' | 'column';
  infoWidth: number;
}

/** The list can be dragged between these. */
export const LIST_WIDTHS = { min: 280, max: 400 } as const;

export function buyerPanes(width: number): PaneLayout {
  if (width < 720) return { list: 'alone', listWidth: width, info: 'page', infoWidth: width };
  if (width < 1200) return { list: 'beside', listWidth: 320, info: 'drawer', infoWidth: 320 };
  if (width < 1600) return { list: 'beside', listWidth: 340, info: 'column', infoWidth: 320 };
  return { list: 'beside', listWidth: 360, info: 'column', infoWidth: 360 };
}

export function sellerPanes(width: number): PaneLayout {
  if (width < 840) return { list: 'alone', listWidth: width, info: 'page', infoWidth: width };
  if (width < 1280) return { list: 'beside', listWidth: 300, info: 'drawer', infoWidth: 340 };
  if (width < 1680) return { list: 'beside', listWidth: 320, info: 'column', infoWidth: 320 };
  return { list: 'beside', listWidth: 360, info: 'column', infoWidth: 380 };
}

/** A dragged width within its limits. */
export function listWidth(wanted: number): number {
  return Math.round(Math.min(LIST_WIDTHS.max, Math.max(LIST_WIDTHS.min, wanted)));
}
