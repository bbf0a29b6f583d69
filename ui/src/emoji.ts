/**
 * The emoji, with their names and tags in Russian and English. Loaded when the picker is first opened: nobody who never
 * opens it pays for it.
 */
import { folded } from './palette';
import type { Language } from './l10n.svelte';

export interface Emoji {
  char: string;
  group: number;
  /** The name in either language. */
  label: Record<Language, string>;
  /** Folded words of both languages, to search in. */
  words: readonly string[];
  /** The same in the five tones of skin, where it has one. */
  tones: readonly string[];
}

interface Entry {
  hexcode: string;
  label: string;
  unicode: string;
  group?: number;
  tags?: string[];
  skins?: { unicode: string; hexcode: string }[];
}

/** Emojibase's numbers of the groups that are shown; 2 holds the tones by themselves. */
export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;

/** Two people with a tone each make twenty-five pairs; only the five alike are offered. */
function tones(entry: Entry): string[] {
  const alike = (entry.skins ?? []).filter((skin) => (skin.hexcode.match(/1F3F[B-F]/gu) ?? []).length >= 1);
  const ofTone = (tone: string) =>
    alike.find((skin) => (skin.hexcode.match(/1F3F[B-F]/gu) ?? []).every((each) => each === tone));
  const found = ['1F3FB', '1F3FC', '1F3FD', '1F3FE', '1F3FF'].map((tone) => ofTone(tone)?.unicode);
  return found.every((each) => each !== undefined) ? found : [];
}

function words(...entries: (Entry | undefined)[]): string[] {
  return entries.flatMap((entry) =>
    entry ? [entry.label, ...(entry.tags ?? [])].flatMap((each) => folded(each).split(/[\s:,()«»"-]+/u)) : [],
  );
}

/** Brings the two languages together. */
export function merged(russian: readonly Entry[], english: readonly Entry[]): readonly Emoji[] {
  const inEnglish = new Map(english.map((entry) => [entry.hexcode, entry]));
  return russian
    .filter((entry) => entry.group !== undefined && entry.group !== 2)
    .map((entry) => {
      const other = inEnglish.get(entry.hexcode);
      return {
        char: entry.unicode,
        group: entry.group ?? 0,
        label: { ru: entry.label, en: other?.label ?? entry.label },
        words: [...new Set(words(entry, other).filter((word) => word !== ''))],
        tones: tones(entry),
      };
    });
}

let loading: Promise<readonly Emoji[]> | null = null;

/** All of them, in the usual order. */
export function emojis(): Promise<readonly Emoji[]> {
  loading ??= Promise.all([
    import('emojibase-data/ru/compact.json'),
    import('emojibase-data/en/compact.json'),
  ])
    .then(([russian, english]) => merged(russian.default, english.default))
    .catch((thrown: unknown) => {
      loading = null;
      throw thrown;
    });
  return loading;
}

/** More than this is no answer to a search. */
const MOST = 120;

/** Those of which each typed word begins a word of name or tags; an exact word counts more. */
export function searched(all: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = folded(query).split(/\s+/u).filter(Boolean);
  if (wanted.length === 0) return [];
  const score = (emoji: Emoji): number => {
    const scores = wanted.map((word): number => {
      if (emoji.char === word) return 3;
      const at = emoji.words.findIndex((each) => each === word);
      if (at >= 0) return at === 0 ? 2.5 : 2;
      return emoji.words.some((each) => each.startsWith(word)) ? 1 : 0;
    });
    return scores.includes(0) ? 0 : scores.reduce((sum, each) => sum + each, 0);
  };
  return all
    .map((emoji, index) => ({ emoji, index, score: score(emoji) }))
    .filter((each) => each.score > 0)
    .toSorted((left, right) => right.score - left.score || left.index - right.index)
    .slice(0, MOST)
    .map((each) => each.emoji);
}
