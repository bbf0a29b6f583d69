/**
 * Words. One set of Fluent files for the screen and for Rust; switching the language redraws what is shown.
 *
 * Isolation marks are off: names are wrapped in `<bdi>` where they are shown, and plain text must stay plain.
 */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

export type Language = 'ru' | 'en';
export type Args = Record<string, FluentVariable>;

export const LANGUAGES: readonly Language[] = ['ru', 'en'];

const sources = import.meta.glob<string>('../../locales/*/*.ftl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function bundle(language: Language): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  for (const [path, text] of Object.entries(sources)) {
    if (path.includes(`/locales/${language}/`)) made.addResource(new FluentResource(text));
  }
  return made;
}

const bundles: Record<Language, FluentBundle> = { ru: bundle('ru'), en: bundle('en') };

let current = $state<Language>('ru');

/** The language on the screen. */
export function language(): Language {
  return current;
}

/** Any tag; what is not English is Russian, the language that everything is written in first. */
export function setLanguage(tag: string): void {
  current = tag.toLowerCase().startsWith('en') ? 'en' : 'ru';
  if (typeof document !== 'undefined') document.documentElement.lang = current;
}

/** Whether there is such a sentence. */
export function has(key: string): boolean {
  return bundles[current].hasMessage(key) || bundles.ru.hasMessage(key);
}

/** A sentence of the current language. A missing one shows its key: a test makes sure that there is none. */
export function t(key: string, args?: Args): string {
  for (const candidate of [bundles[current], bundles.ru]) {
    const pattern = candidate.getMessage(key)?.value;
    if (pattern) return candidate.formatPattern(pattern, args ?? null, []);
  }
  return key;
}

/** The sentence of a code that comes from elsewhere: `error-<code>`, or the one for codes not known here. */
export function tCode(prefix: string, code: string, args?: Args): string {
  const key = `${prefix}-${code.replaceAll('_', '-')}`;
  return t(has(key) ? key : `${prefix}-unknown`, args);
}
