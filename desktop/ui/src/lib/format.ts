/** Dates, times and shares as people of each language write them. Pure; the moment and the zone come in. */
import type { Language } from './i18n.svelte.ts';

/** `YYYY-MM-DD` of a moment in a zone; the machine's own zone when that one is unknown. */
export function todayIn(zone: string, now: Date): string {
  const parts = (timeZone: string | undefined): string =>
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
  try {
    return parts(zone);
  } catch {
    return parts(undefined);
  }
}

/** Hour of the day, 0–23, in a zone. */
export function hourIn(zone: string, now: Date): number {
  const hour = (timeZone: string | undefined): number =>
    Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(now));
  try {
    return hour(zone);
  } catch {
    return hour(undefined);
  }
}

/** A civil date of the contract (`YYYY` … `YYYY-MM-DDThh:mm`) in words, as exact as it is and no more. */
export function sayWhen(when: string, language: Language): string {
  const [date = '', time] = when.split('T');
  const [year, month, day] = date.split('-').map(Number);
  if (year === undefined || Number.isNaN(year)) return when;
  if (month === undefined) return language === 'zh-CN' ? `${year}年` : String(year);
  const options: Intl.DateTimeFormatOptions =
    day === undefined
      ? { year: 'numeric', month: 'long' }
      : { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' };
  const text = new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', { ...options, timeZone: 'UTC' }).format(
    new Date(Date.UTC(year, month - 1, day ?? 1)),
  );
  return time === undefined ? text : `${text} ${time}`;
}

/** Today in full, for the home screen: weekday first, as one would say it. */
export function sayToday(today: string, language: Language): string {
  const date = new Date(`${today}T00:00:00Z`);
  return new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(date);
}

/** Day and time of an instant (RFC 3339) in a zone. */
export function sayInstant(instant: string, language: Language, zone: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const form = (timeZone: string | undefined): string =>
    new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    }).format(date);
  try {
    return form(zone);
  } catch {
    return form(undefined);
  }
}

/** A short day for the axis of a chart. */
export function sayShortDay(date: string, language: Language): string {
  const time = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) return date;
  return new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(time),
  );
}

/** 0.825 → `83 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** Words between commas of either script, trimmed, each once. */
export function listOf(text: string): string[] {
  const words = text.split(/[,，、;；\n]/).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}
