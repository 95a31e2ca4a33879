/** Which language the screens speak, and how a key becomes words. Holds no patient data. */
import { en } from './en';
import { zhCN } from './zh-CN';

export type Key = keyof typeof en;
export type Strings = Record<Key, string>;
export type Lang = 'en' | 'zh-CN';

const tables: Record<Lang, Strings> = { en, 'zh-CN': zhCN };

const state = $state<{ lang: Lang }>({ lang: 'en' });

export function asLang(value: string | null | undefined): Lang {
  return value?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function lang(): Lang {
  return state.lang;
}

export function setLang(value: string): void {
  state.lang = asLang(value);
  if (typeof document !== 'undefined') document.documentElement.lang = state.lang;
}

/** The words for `key`, with each `{name}` filled from `values`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return fill(tables[state.lang][key], values);
}

/** Like `t` for a key made at run time (a domain, a kind); falls back to the bare slug when there are no words for it. */
export function tMaybe(key: string, fallback: string): string {
  return (tables[state.lang] as Record<string, string>)[key] ?? fallback;
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** Titles one after another, as the language writes lists. */
export function list(items: string[]): string {
  return items.join(state.lang === 'zh-CN' ? '、' : ', ');
}

/** A date as people say it: `2 May 2026`, `2026年5月2日`; a partial date stays partial. */
export function sayDate(value: string | null): string {
  if (!value) return t('mem.noDate');
  const m = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}:\d{2}))?/.exec(value);
  if (!m) return value;
  const [, year, month, day, time] = m;
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  const words = new Intl.DateTimeFormat(state.lang === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: 'UTC',
    year: 'numeric',
    ...(month ? { month: 'long' } : {}),
    ...(day ? { day: 'numeric' } : {}),
  }).format(date);
  return time ? `${words} ${time}` : words;
}

/** An instant (RFC 3339) in the device's zone, short. */
export function sayInstant(value: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(state.lang === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
