/** Both languages say the same things: the same keys, the same places to fill in, nothing empty. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../src/messages/en.ts';
import { zh } from '../../src/messages/zh.ts';

const SRC = resolve(import.meta.dirname, '../../src');
const keys = Object.keys(en) as (keyof typeof en)[];
const placesOf = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? ''))].sort();

test('both catalogues have the same keys', () => {
  expect(Object.keys(zh).sort()).toEqual([...keys].sort());
});

test('no message is empty, and both languages fill in the same places', () => {
  for (const key of keys) {
    expect(en[key].trim(), key).not.toBe('');
    expect(zh[key].trim(), key).not.toBe('');
    expect(placesOf(zh[key]), key).toEqual(placesOf(en[key]));
  }
});

test('Chinese messages are Chinese, English ones are not', () => {
  const wordsOf = (text: string): string => text.replace(/\{[^}]*\}/g, '');
  // The switch to the other language names that one in its own script.
  for (const key of keys.filter((known) => known !== 'app.other-language')) {
    // Some messages only set marks between what is filled in.
    if (/\p{L}/u.test(wordsOf(zh[key]))) expect(zh[key], key).toMatch(/\p{Script=Han}/u);
    expect(en[key], key).not.toMatch(/\p{Script=Han}/u);
  }
});

test('pages hold no words of their own', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = readFileSync(join(SRC, file), 'utf8');
    const markup = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<script[\s\S]*?<\/script>/g, '').replace(/<style>[\s\S]*?<\/style>/g, '');
    // Names of languages and of keys are the same in both.
    const allowed = markup.replace(/lang="(?:en|zh-CN)">[^<]*/g, '').replace(/<kbd>[^<]*<\/kbd>/g, '');
    expect(allowed, file).not.toMatch(/\p{Script=Han}/u);
    // Words between tags, outside of braces: a letter sequence of three and more.
    const outside = allowed.replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '').replace(/<[^>]*>/g, ' ').replace(/&\w+;/g, ' ');
    expect(outside.match(/[A-Za-z]{3,}/g) ?? [], file).toEqual([]);
  }
});
