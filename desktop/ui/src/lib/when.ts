/**
 * Reads a date as people say it ("last Sunday", "May 1985", 去年夏天, 八五年三月) into the contract's form, so that the screen
 * can show what was understood before anything is kept. Never gives more exactness than the words hold, nor a day that
 * lies ahead; the companion reads the note itself with its own, larger reader.
 */
import type { Language } from './i18n.svelte.ts';

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const DIGITS = '零一二三四五六七八九';
const DAY_MS = 86_400_000;

const two = (value: number): string => String(value).padStart(2, '0');

/** Civil days are handled as UTC midnights: no zone, no summer time. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function daysBefore(today: string, days: number): string {
  return dayOf(new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY_MS));
}

function monthsBefore(today: string, months: number): string {
  const index = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 - months;
  return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
}

const yearsBefore = (today: string, years: number): string => String(Number(today.slice(0, 4)) - years);

/** The last such weekday before today; `inWeek` counts calendar weeks back, Monday first. */
function weekdayBefore(today: string, weekday: number, inWeek: number | null): string {
  const now = new Date(`${today}T00:00:00Z`).getUTCDay();
  if (inWeek === null) return daysBefore(today, (now - weekday + 7) % 7 || 7);
  const fromMonday = (day: number): number => (day + 6) % 7;
  return daysBefore(today, fromMonday(now) - fromMonday(weekday) + 7 * inWeek);
}

/** The form of the contract, if year, month and day can be and do not lie ahead. */
function civil(today: string, year: number, month?: number, day?: number): string | null {
  if (year < 1900) return null;
  if (month === undefined) return year <= Number(today.slice(0, 4)) ? String(year) : null;
  if (month < 1 || month > 12) return null;
  if (day === undefined) {
    const form = `${year}-${two(month)}`;
    return form <= today.slice(0, 7) ? form : null;
  }
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const form = `${year}-${two(month)}-${two(day)}`;
  return form <= today ? form : null;
}

/** A month (and day) without a year: the latest one that is past. */
function latest(today: string, month: number, day?: number): string | null {
  const year = Number(today.slice(0, 4));
  return civil(today, year, month, day) ?? civil(today, year - 1, month, day);
}

function readEnglish(words: string, today: string): string | null {
  const text = words.toLowerCase().replace(/[.,]/g, ' ').replace(/(\d)(st|nd|rd|th)\b/g, '$1').replace(/\s+/g, ' ').trim();
  if (/^(today|this (morning|afternoon|evening)|tonight)\b/.test(text)) return today;
  if (/day before yesterday/.test(text)) return daysBefore(today, 2);
  if (/\b(yesterday|last night)\b/.test(text)) return daysBefore(today, 1);
  const ago = /\b(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten) (day|week|month|year)s? ago\b/.exec(text);
  if (ago?.[1] && ago[2]) {
    const spoken = NUMBERS.indexOf(ago[1]);
    const count = /^\d/.test(ago[1]) ? Number(ago[1]) : spoken > 0 ? spoken : 1;
    if (ago[2] === 'month') return monthsBefore(today, count);
    if (ago[2] === 'year') return civil(today, Number(yearsBefore(today, count)));
    return daysBefore(today, ago[2] === 'week' ? 7 * count : count);
  }
  const named = (list: string[]): number => {
    const found = text.split(' ').map((word) => list.findIndex((full) => word === full || (word.length >= 3 && word === full.slice(0, 3))));
    return found.find((at) => at >= 0) ?? -1;
  };
  const month = named(MONTHS);
  const year = /\b(19\d\d|20\d\d)\b(?!s)/.exec(text)?.[1];
  const day = /\b([12]?\d|3[01])\b(?! ?\d)/.exec(text.replace(/\b\d{4}\b/g, ''))?.[1];
  if (month >= 0) {
    const dayNumber = day === undefined ? undefined : Number(day);
    return year === undefined ? latest(today, month + 1, dayNumber) : civil(today, Number(year), month + 1, dayNumber);
  }
  if (year !== undefined) return civil(today, Number(year));
  const weekday = named(WEEKDAYS);
  if (weekday >= 0) return weekdayBefore(today, weekday, null);
  if (/\blast month\b/.test(text)) return monthsBefore(today, 1);
  if (/\b(last year|last (spring|summer|autumn|fall|winter))\b/.test(text)) return yearsBefore(today, 1);
  if (/\bthis (year|spring|summer|autumn|fall|winter)\b/.test(text)) return yearsBefore(today, 0);
  return null;
}

/** 十二 → 12, 二十 → 20, 三 → 3; digits stay. */
function chineseNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const value = text.replace('〇', '零').replace('两', '二');
  const digit = (letter: string): number => DIGITS.indexOf(letter);
  if (value.includes('十')) {
    const [tens = '', ones = ''] = value.split('十');
    const high = tens === '' ? 1 : digit(tens);
    const low = ones === '' ? 0 : digit(ones);
    return high < 0 || low < 0 ? null : high * 10 + low;
  }
  return value.length === 1 && digit(value) >= 0 ? digit(value) : null;
}

/** 一九八五, 85 or 1985 as a year; two digits mean the last hundred years. */
function chineseYear(text: string, today: string): number | null {
  const digits = [...text].map((letter) => (/\d/.test(letter) ? letter : String(DIGITS.indexOf(letter === '〇' ? '零' : letter)))).join('');
  if (!/^\d+$/.test(digits) || digits.includes('-')) return null;
  const year = Number(digits);
  if (digits.length === 4) return year;
  if (digits.length !== 2) return null;
  return year + 2000 <= Number(today.slice(0, 4)) ? year + 2000 : year + 1900;
}

function readChinese(words: string, today: string): string | null {
  const text = words.normalize('NFKC').replace(/\s/g, '');
  for (const [word, days] of [['大前天', 3], ['前天', 2], ['昨天', 1], ['昨晚', 1], ['今天', 0], ['今早', 0], ['今晚', 0]] as const) {
    if (text.includes(word)) return daysBefore(today, days);
  }
  const ago = /([\d零一二两三四五六七八九十]+)个?(天|周|星期|礼拜|月|年)(以?前)/.exec(text);
  const count = ago?.[1] === undefined ? null : chineseNumber(ago[1]);
  if (ago?.[2] !== undefined && count !== null) {
    if (ago[2] === '月') return monthsBefore(today, count);
    if (ago[2] === '年') return civil(today, Number(yearsBefore(today, count)));
    return daysBefore(today, ago[2] === '天' ? count : 7 * count);
  }
  const relative = /(大前年|前年|去年|今年)/.exec(text)?.[1];
  const written = /([\d零〇一二三四五六七八九]{2,4})年/.exec(text)?.[1];
  const year = relative
    ? Number(yearsBefore(today, ['今年', '去年', '前年', '大前年'].indexOf(relative)))
    : written === undefined
      ? null
      : chineseYear(written, today);
  const parts = /([\d一二三四五六七八九十]{1,3})月(?:([\d一二三四五六七八九十]{1,3})[日号])?/.exec(text);
  const month = parts?.[1] === undefined ? null : chineseNumber(parts[1]);
  if (month !== null) {
    const day = parts?.[2] === undefined ? undefined : (chineseNumber(parts[2]) ?? undefined);
    return year === null ? latest(today, month, day) : civil(today, year, month, day);
  }
  if (/上个?月/.test(text)) return monthsBefore(today, 1);
  const week = /(上上|上|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])/.exec(text);
  if (week?.[2] !== undefined) {
    const weekday = '日一二三四五六'.indexOf(week[2] === '天' ? '日' : week[2]);
    const weeks = week[1] === undefined ? null : ['这', '上', '上上'].indexOf(week[1].replace('本', '这'));
    const found = weekdayBefore(today, weekday, weeks);
    return found <= today ? found : null;
  }
  return year === null ? null : civil(today, year);
}

/** What `words` mean on the day `today` (`YYYY-MM-DD`), or `null` when they hold no date this reader knows. */
export function readWhen(words: string, language: Language, today: string): string | null {
  const exact = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(T\d\d:\d\d)?)?)?$/.exec(words.trim());
  if (exact?.[1] !== undefined) {
    const form = civil(today, Number(exact[1]), exact[2] ? Number(exact[2]) : undefined, exact[3] ? Number(exact[3]) : undefined);
    return form === null ? null : form + (exact[4] ?? '');
  }
  return language === 'zh-CN'
    ? (readChinese(words, today) ?? readEnglish(words, today))
    : (readEnglish(words, today) ?? readChinese(words, today));
}
