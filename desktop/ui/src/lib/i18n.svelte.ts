/**
 * Words of the screens in both languages. A key that is missing in one of them does not compile; that none is empty is
 * tested. What the companion says (titles, questions, errors) comes from it already in the right language.
 */
import { en } from '../messages/en.ts';
import { zh } from '../messages/zh.ts';

export type Language = 'en' | 'zh-CN';
export type Key = keyof typeof en;
export type Values = Record<string, string | number>;

const CATALOGUES: Record<Language, Record<Key, string>> = { en, 'zh-CN': zh };

/** The nearest language the screens speak. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/**
 * A message with its `{places}` filled in. English has a form for one: `{n|minute|minutes}` follows the number in `n`.
 */
export function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return (Number(value) === 1 ? one : many) ?? '';
  });
}

class Speech {
  language = $state<Language>('en');

  say = (key: Key, values: Values = {}): string => fill(CATALOGUES[this.language][key], values);

  /** For words the companion sends as codes (`episodic`, `exact`): the known one said, an unknown one as it is. */
  sayOr = (prefix: string, code: string): string => {
    const key = `${prefix}.${code}`;
    return key in CATALOGUES[this.language] ? CATALOGUES[this.language][key as Key] : code;
  };
}

export const speech = new Speech();
export const t = speech.say;
