/**
 * Every screen, in both languages, at four window sizes, with small and with double letters, light, dark and in high contrast:
 * axe finds nothing and the measuring script finds every number of ELDER-UX.md kept.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Language } from '../../src/lib/i18n.svelte.ts';
import { openBrowser, openCompanion, openPage, type Companion } from './harness.ts';
import { CARER, ELDER, measure } from './measure.ts';
import { LOOKS, type Look } from './screens.ts';

const WINDOWS = [
  [360, 640],
  [412, 915],
  [820, 1180],
  [1440, 900],
] as const;
/** 18 px is the smallest setting; 36 px is twice that: 200 % text. */
const TEXTS_PX = [18, 36];
const THEMES = ['light', 'dark', 'contrast'] as const;
const LANGUAGES: [Language, string][] = [
  ['zh-CN', 'demo-zh'],
  ['en', 'demo-en'],
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where to leave screenshots for a person to look at; nowhere by default. */
const SHOTS = process.env.REME_SHOTS;

let companion: Companion;
let browser: Browser;
/** Where help and the actions of a session stand, by window, text size and theme; the first screen measured sets it for all. */
const placed = new Map<string, { place: string; screen: string }>();

beforeAll(async () => {
  companion = await openCompanion();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await companion?.close();
});

async function dress(page: Page, theme: string, textPx: number, size: readonly [number, number]): Promise<void> {
  await page.setViewportSize({ width: size[0], height: size[1] });
  await page.evaluate(
    ([wanted, px]) => {
      document.documentElement.dataset.theme = String(wanted);
      document.documentElement.style.setProperty('--text', `${px}px`);
      scrollTo(0, 0);
      return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    },
    [theme, textPx] as const,
  );
}

async function runAxe(page: Page, area: Look['area']): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const options: RunOptions = {
    runOnly: { type: 'tag', values: area === 'patient' ? [...tags, 'wcag2aaa', 'wcag21aaa', 'wcag22aaa'] : tags },
    resultTypes: ['violations'],
  };
  const results = await page.evaluate(async (given) => {
    const { axe } = window as unknown as { axe: { run: (at: Document, with_: unknown) => Promise<AxeResults> } };
    return axe.run(document, given);
  }, options);
  return results.violations.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

async function shoot(page: Page, look: Look, language: Language, theme: string, textPx: number, width: number): Promise<void> {
  if (!SHOTS) return;
  const wanted = (width === 412 || width === 1440) && textPx === 18 && theme !== 'contrast';
  const odd = (width === 360 && textPx === 36 && theme === 'light') || (width === 820 && theme === 'contrast' && textPx === 18);
  if (!wanted && !odd) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${look.name}-${language}-${width}-${textPx}-${theme}.png`) });
}

describe.each(LANGUAGES)('in %s', (language, slug) => {
  test.each(LOOKS.map((look) => [look.name, look] as const))('%s keeps every number', async (_, look) => {
    const { page, context, faults } = await openPage(browser, companion.address, {
      locale: language === 'zh-CN' ? 'zh-CN' : 'en-GB',
      viewport: { width: 1440, height: 900 },
    });
    const problems: string[] = [];
    try {
      await look.open(page, slug, language);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      await page.evaluate(axeSource);
      for (const theme of THEMES) {
        for (const size of WINDOWS) {
          for (const textPx of TEXTS_PX) {
            await dress(page, theme, textPx, size);
            const where = `${size.join('×')}, ${textPx} px, ${theme}`;
            const found = await page.evaluate(measure, look.area === 'patient' ? ELDER : CARER);
            expect(found.texts, 'texts measured').toBeGreaterThan(2);
            expect(found.controls, 'controls measured').toBeGreaterThan(0);
            problems.push(...found.faults.map((fault) => `${where}: ${fault}`));
            if (look.area === 'patient') {
              for (const what of ['help', 'actions'] as const) {
                const place = found[what]?.join();
                if (place === undefined) continue;
                // The width is that of the word, so the language counts.
                const key = `${what} ${language} ${size.join('×')} ${textPx} ${theme}`;
                const first = placed.get(key) ?? { place, screen: look.name };
                placed.set(key, first);
                if (first.place !== place) problems.push(`${where}: ${what} at ${place}, on ${first.screen} at ${first.place}`);
              }
            }
            if (textPx === 18 && (size[0] === 360 || size[0] === 1440)) {
              problems.push(...(await runAxe(page, look.area)).map((fault) => `${where}: ${fault}`));
            }
            await shoot(page, look, language, theme, textPx, size[0]);
          }
        }
      }
    } finally {
      await context.close();
    }
    expect([...new Set(problems)], `${look.name} in ${language}`).toEqual([]);
    expect(faults, 'errors of the page').toEqual([]);
  });
});
