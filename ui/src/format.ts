/**
 * Times, days, money and counts in the person's language and time zone. All of it through Intl; the
 * formatters are kept, because making one costs more than using it.
 */
import { language, t } from './l10n.svelte';
import type { Time } from './types';

const formatters = new Map<string, Intl.DateTimeFormat>();
const DAY_MS = 86_400_000;

function dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language()} ${name}`;
  const kept = formatters.get(key);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat(language(), options);
  formatters.set(key, made);
  return made;
}

/** `14:32`. */
export function clock(time: Time): string {
  return dates('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(time));
}

/** The calendar day of a time here, as a key that compares equal within a day. */
export function dayKey(time: Time): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function daysAgo(time: Time, now: number): number {
  const start = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((start(new Date(now)) - start(new Date(time))) / DAY_MS);
}

function isThisYear(time: Time, now: number): boolean {
  return new Date(time).getFullYear() === new Date(now).getFullYear();
}

/** A day between messages: Сегодня, Вчера, 12 ноября, 12 ноября 2024. */
export function day(time: Time, now: number): string {
  const ago = daysAgo(time, now);
  if (ago === 0) return t('day-today');
  if (ago === 1) return t('day-yesterday');
  return date(time, now);
}

/** A day by its name, also today: 12 ноября, 12 ноября 2024. It can follow a word such as «с». */
export function date(time: Time, now: number): string {
  if (isThisYear(time, now)) return dates('day', { day: 'numeric', month: 'long' }).format(new Date(time));
  const text = dates('year', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(time));
  return text.replace(/\s*г\.$/u, '');
}

/** A time in a list: 14:32, вчера, вт, 12 нояб., 12.11.2024. */
export function listTime(time: Time, now: number): string {
  const ago = daysAgo(time, now);
  const then = new Date(time);
  if (ago <= 0) return clock(time);
  if (ago === 1) return t('list-yesterday');
  if (ago < 7) return dates('weekday', { weekday: 'short' }).format(then);
  if (isThisYear(time, now))
    return dates('short', { day: 'numeric', month: 'short' }).format(then).replace('.', '');
  return dates('full', { day: '2-digit', month: '2-digit', year: 'numeric' }).format(then);
}

/** Day and time in full, for titles that explain. */
export function fullTime(time: Time): string {
  return dates('fullTime', { dateStyle: 'long', timeStyle: 'short' }).format(new Date(time));
}

/** `2 490 ₽`; kopecks only where there are some. */
export function money(amount: number, currency = 'RUB'): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  try {
    return new Intl.NumberFormat(language(), {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(amount);
  } catch {
    // A currency that is none: the marketplace's word is shown as it stands.
    return `${number(amount)} ${currency}`;
  }
}

/** `12 480`, `4,9`. */
export function number(value: number, fractionDigits?: number): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits ?? 2,
  }).format(value);
}

/** What fits into a badge: 7, 99+. */
export function badge(count: number): string {
  return count > 99 ? '99+' : String(count);
}

/** A running clock: 0:38, 2:41, 1:02:05. Days are said in words: «3 д». */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  if (hours >= 24) return t('elapsed-days', { days: Math.floor(hours / 24) });
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Usual time to an answer in words: «отвечает за ~5 мин». */
export function repliesIn(seconds: number): string {
  if (seconds < 3600) return t('replies-in-minutes', { minutes: Math.max(1, Math.round(seconds / 60)) });
  return t('replies-in-hours', { hours: Math.round(seconds / 3600) });
}
