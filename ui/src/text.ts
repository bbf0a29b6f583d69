/**
 * Strangers' text made safe to look at. Pure: nothing here draws anything.
 */

/** Characters that reorder what follows them; in a name they can make one shop look like another. */
const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/gu;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;

/** A name as it may be shown: one line, without characters that turn the text around. */
export function cleanName(name: string): string {
  return name.replace(BIDI, '').replace(CONTROL, ' ').replace(/\s+/gu, ' ').trim();
}

/** One line of a message, for previews. */
export function oneLine(text: string): string {
  return cleanName(text.slice(0, 400));
}

/** Characters as the server counts them: Unicode scalar values. */
export function characters(text: string): number {
  return [...text].length;
}

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = cleanName(name)
    .split(/[\s\-–—«»"'.,]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  // «Лён и Нить» is ЛН; «ТехноКит» is ТК.
  const long = words.length > 2 ? words.filter((word) => [...word].length > 1) : words;
  const [only = ''] = long;
  const parts = long.length === 1 ? (/^(.).*?(\p{Lu})/u.exec(only)?.slice(1) ?? [only]) : long;
  const letters = parts.slice(0, 2).map((word) => [...word].find((char) => /[\p{L}\p{N}]/u.test(char)) ?? '');
  const joined = letters.join('').toLocaleUpperCase();
  return joined === '' ? '?' : joined;
}

/** Which of the six avatar pairs belongs to an id: always the same one. */
export function avatarPair(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (sum % 6) + 1;
}
