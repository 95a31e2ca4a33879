import { describe, expect, test } from 'vitest';
import { fill, languageOf, speech } from '../../src/lib/i18n.svelte.ts';
import { en } from '../../src/messages/en.ts';
import { zh } from '../../src/messages/zh.ts';

const placesOf = (message: string): string[] => [...new Set([...message.matchAll(/\{(\w+)[|}]/g)].map((found) => found[1] ?? ''))].sort();

describe('messages', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });
  test('none is empty', () => {
    for (const catalogue of [en, zh]) {
      expect(Object.entries(catalogue).filter(([, words]) => words.trim() === '')).toEqual([]);
    }
  });
  test('each pair has the same places to fill', () => {
    const differing = Object.keys(en).filter((key) => {
      const known = key as keyof typeof en;
      return placesOf(en[known]).join() !== placesOf(zh[known]).join();
    });
    expect(differing).toEqual([]);
  });
  test('Chinese is Chinese: no message was left in English', () => {
    const latin = Object.entries(zh).filter(([, words]) => !/[\u4e00-\u9fff]/.test(words)).map(([key]) => key);
    expect(latin).toEqual(['matched.nothing']);
  });
  test('nobody is blamed', () => {
    const harsh = /\b(wrong|fail(ed|ure)?|incorrect|mistake|error)\b|错|失败|不对/i;
    expect(Object.entries({ ...en }).filter(([, words]) => harsh.test(words))).toEqual([]);
    expect(Object.entries(zh).filter(([, words]) => harsh.test(words))).toEqual([]);
  });
});

describe('filling in', () => {
  test.each([
    ['{n} {n|minute|minutes}', { n: 1 }, '1 minute'],
    ['{n} {n|minute|minutes}', { n: 4 }, '4 minutes'],
    ['Hello {name}', { name: '$& {n}' }, 'Hello $& {n}'],
    ['Hello {name}', {}, 'Hello {name}'],
  ])('%s with %o', (message, values, expected) => {
    expect(fill(message, values)).toBe(expected);
  });
  test('an unknown code of the companion is shown as it is', () => {
    speech.language = 'zh-CN';
    expect(speech.sayOr('domain', 'episodic')).toBe('自己的往事');
    expect(speech.sayOr('domain', 'music')).toBe('music');
  });
  test.each([['zh', 'zh-CN'], ['zh-Hant-TW', 'zh-CN'], ['en-NZ', 'en'], ['fr', 'en'], [null, 'en']])('%s is spoken as %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });
});
