/**
 * What the palette finds: forgiving about case, ё, missing letters and the wrong keyboard layout, and what was chosen
 * lately comes first.
 */

export type PaletteKind = 'thread' | 'person' | 'seller' | 'product' | 'command';

export interface PaletteItem {
  /** Unique over all kinds; recent ones are remembered by it. */
  id: string;
  kind: PaletteKind;
  title: string;
  detail?: string;
  /** The key that does the same without the palette. */
  key?: string;
  act: () => void;
}

const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC = 'ёйцукенгшщзхъфывапролджэячсмитьбю';

/** The same keys on the other layout: `ghbdtn` is «привет», and `ыуеештпы` is `settings`. */
export function otherLayout(text: string): string {
  return [...text]
    .map((letter) => {
      const latin = LATIN.indexOf(letter);
      if (latin >= 0) return CYRILLIC[latin];
      const cyrillic = CYRILLIC.indexOf(letter);
      return cyrillic >= 0 ? LATIN[cyrillic] : letter;
    })
    .join('');
}

/** Case and ё are nothing to stumble over. */
export function folded(text: string): string {
  return text.toLocaleLowerCase().replaceAll('ё', 'е');
}

/** What may be meant by the typed words, the literal reading first. */
export function readings(query: string): readonly string[] {
  const plain = query.trim().toLocaleLowerCase();
  return [...new Set([folded(plain), folded(otherLayout(plain))])];
}

/** How well a text fits, or 0: whole words before inner parts before letters in order. */
export function fit(text: string, query: string): number {
  if (query === '') return 1;
  const at = text.indexOf(query);
  if (at === 0) return 100 - Math.min(20, text.length / 10);
  if (at > 0) return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 50 : 80;
  const words = query.split(/\s+/u);
  if (words.length > 1) {
    const fits = words.map((word) => fit(text, word));
    return fits.includes(0) ? 0 : Math.min(...fits) * 0.9;
  }
  // One or two letters in order are in nearly every name.
  if (query.length < 3) return 0;
  let from = 0;
  let gaps = 0;
  for (const letter of query) {
    const next = text.indexOf(letter, from);
    if (next < 0) return 0;
    if (from > 0) gaps += next - from;
    from = next + 1;
  }
  return gaps > query.length * 2 ? 0 : 30 - gaps;
}

/** More rows than this nobody reads. */
const MOST = 40;

/** The rows for what was typed. `recent` names the last choices, the newest first. */
export function ranked(
  items: readonly PaletteItem[],
  query: string,
  recent: readonly string[],
): readonly PaletteItem[] {
  const meant = readings(query);
  const isOpen = meant[0] === '';
  const score = (item: PaletteItem) => {
    const at = recent.indexOf(item.id);
    const lately = at < 0 ? 0 : (recent.length - at) / recent.length;
    if (isOpen) return 1 + lately;
    const title = folded(item.title);
    const detail = folded(item.detail ?? '');
    const fits = meant.map((each, index) => {
      const best = Math.max(fit(title, each), fit(detail, each) * 0.5);
      return index === 0 ? best : best * 0.95;
    });
    const best = Math.max(...fits);
    return best === 0 ? 0 : best + lately * 15;
  };
  return items
    .map((item, index) => ({ item, index, score: score(item) }))
    .filter((each) => each.score > 0)
    .toSorted((left, right) => right.score - left.score || left.index - right.index)
    .slice(0, MOST)
    .map((each) => each.item);
}
