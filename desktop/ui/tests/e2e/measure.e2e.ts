/** The measuring script itself: each number, broken on purpose on a small page, is told. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './harness.ts';
import { ELDER, measure } from './measure.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 400, height: 700 } });
});
afterAll(() => browser?.close());

const GOOD = `
  <style>
    * { box-sizing: border-box } body { margin: 16px; font: 20px/1.6 sans-serif; color: #222; background: #fff }
    button { font: inherit; line-height: 1.6; min-width: 80px; min-height: 64px; border: 2px solid #555; background: #fff; color: #222; margin: 8px }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  </style>
  <button data-help>Help</button><p>Words to read.</p><span class="unseen">tiny</span>`;

const told = async (extra: string): Promise<string[]> => {
  await page.setContent(GOOD + extra);
  return (await page.evaluate(measure, ELDER)).faults;
};

test('a page that keeps every number has no fault', async () => {
  expect(await told('')).toEqual([]);
});

test.each([
  ['small letters', '<p style="font-size:16px">x</p>', /^font 16.0 px/],
  ['tight lines', '<p style="line-height:1.2">x</p>', /^line height/],
  ['pale text', '<p style="color:#777">x</p>', /^contrast 4\.\d+ of 7/],
  ['text too pale for its large size', '<p style="color:#999;font-size:30px">x</p>', /^contrast 2\.\d+ of 4\.5/],
  ['pale text on a see-through ground', '<div style="background:#000"><p style="background:rgb(255 255 255 / 60%);color:#444">x</p></div>', /^contrast/],
  ['a small button', '<button style="min-height:40px;padding:0">x</button>', /^target \d+×40 of 44/],
  ['a main button below 60', '<button data-main style="min-height:56px">x</button>', /^target \d+×56 of 60/],
  ['buttons too near', '<div style="display:flex"><button style="margin:0">a</button><button style="margin:0 0 0 3px">b</button></div>', /^3\.0 px between/],
  ['a faint edge', '<button style="border-color:#ddd">x</button>', /^edge contrast/],
  ['a faint hint in a box', '<style>input::placeholder{color:#aaa}</style><input style="font:20px/1.6 sans-serif;height:64px;border:2px solid #555" placeholder="x">', /^placeholder contrast/],
  ['six main choices', '<button data-main>x</button>'.repeat(6), /^6 main choices/],
  ['a page too wide', '<div style="width:500px">x</div>', /^the page is \d+ px wide/],
  ['a box cut off', '<div style="overflow:hidden;width:60px;white-space:nowrap">many words in one line</div>', /px in 60/],
  ['lines too long', `<div style="width:3000px;position:absolute;font-size:20px">${'word '.repeat(900)}</div>`, /^line of \d+ em/],
  ['motion', '<style>@keyframes a{to{opacity:.5}}</style><p style="animation:a 9s infinite">x</p>', /moves by itself/],
])('%s: told', async (_, extra, fault) => {
  expect(await told(extra)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
});

test('a screen without help is told', async () => {
  await page.setContent('<p style="font:20px/1.6 sans-serif">x</p>');
  expect((await page.evaluate(measure, ELDER)).faults).toContain('help is not on the screen');
});
