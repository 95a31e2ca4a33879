/** Moments and lengths in words, in the reader's language. The present comes in. */
import { sayInstant } from '$shared/lib/format.ts';
import type { Language } from '$shared/lib/i18n.svelte.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The zone of this browser: for what happened at the clinic. */
export const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A moment in milliseconds since 1970. */
export const sayMs = (ms: number, language: Language, zone: string): string => sayInstant(new Date(ms).toISOString(), language, zone);

/** "today", "yesterday", "12 days ago": by twenty-four hours, which needs no zone. */
export function sayAgo(ms: number, now_ms: number, language: Language): string {
  const days = Math.floor(Math.max(0, now_ms - ms) / DAY_MS);
  return new Intl.RelativeTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', { numeric: 'auto' }).format(-days, 'day');
}

/** Short names of the weekdays, Monday first. */
export function weekdays(language: Language): string[] {
  const form = new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  // 2024-01-01 was a Monday.
  return Array.from({ length: 7 }, (_, at) => form.format(new Date(Date.UTC(2024, 0, 1 + at))));
}

/** A day `YYYY-MM-DD` in full, without its weekday. */
export function sayDay(day: string, language: Language): string {
  const ms = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(ms)) return day;
  const form: Intl.DateTimeFormatOptions = { year: 'numeric', month: language === 'zh-CN' ? 'long' : 'short', day: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', form).format(new Date(ms));
}

/** Whole years between two days. */
export const yearsBetween = (born: string, today: string): number =>
  Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0);
