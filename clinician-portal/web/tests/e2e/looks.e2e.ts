/**
 * Every page, in both languages, wide and narrow, light and dark: axe finds nothing (WCAG 2.2 AA and best practice), nothing is
 * wider than the window, and the page's scripts and content policy report nothing.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '$shared/lib/i18n.svelte.ts';
import { openBrowser, openContext, openPage, openPortal, People, type Opened, type Portal } from './harness.ts';
import { LOOKS, type Look } from './looks.ts';

/** Width, height, theme. Colours do not depend on the width: a narrow window is looked at in one theme. */
const VIEWS = [
  [1440, 900, 'light'],
  [1440, 900, 'dark'],
  [1440, 900, 'contrast'],
  [390, 844, 'light'],
] as const;
const LANGUAGES: Language[] = ['en', 'zh-CN'];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where to leave screenshots for a person to look at; nowhere by default. */
const SHOTS = process.env.REME_SHOTS;

let portal: Portal;
let browser: Browser;
let people: People;

beforeAll(async () => {
  portal = await openPortal();
  browser = await openBrowser();
  people = new People(browser, portal.address);
});
afterAll(async () => {
  await browser?.close();
  await portal?.close();
});

async function openFor(look: Look, language: Language): Promise<Opened> {
  if (look.account !== null) return people.page(look.account, language);
  return openPage(await openContext(browser, portal.address, { locale: language === 'en' ? 'en-GB' : language }));
}

async function runAxe(page: Page): Promise<string[]> {
  const options: RunOptions = {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    resultTypes: ['violations'],
  };
  const results = await page.evaluate(async (given) => {
    const { axe } = window as unknown as { axe: { run: (at: Document, with_: unknown) => Promise<AxeResults> } };
    return axe.run(document, given);
  }, options);
  return results.violations.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(LOOKS.map((look) => [look.name, look] as const))('%s is accessible', async (_, look) => {
    const { page, context, faults } = await openFor(look, language);
    const problems: string[] = [];
    try {
      await look.open(page);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      await page.evaluate(axeSource);
      for (const [width, height, theme] of VIEWS) {
        await page.setViewportSize({ width, height });
        await page.evaluate((wanted) => {
          document.documentElement.dataset.theme = wanted;
          scrollTo(0, 0);
          return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
        }, theme);
        const where = `${width}×${height}, ${theme}`;
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) problems.push(`${where}: the page is ${over} px wider than the window`);
        problems.push(...(await runAxe(page)).map((fault) => `${where}: ${fault}`));
        if (SHOTS && theme !== 'contrast') {
          mkdirSync(SHOTS, { recursive: true });
          await page.screenshot({ path: join(SHOTS, `${look.name}-${language}-${width}-${theme}.png`), fullPage: true });
        }
      }
    } finally {
      await page.close();
      if (look.account === null) await context.close();
    }
    expect([...new Set(problems)], `${look.name} in ${language}`).toEqual([]);
    expect(faults, 'errors of the page').toEqual([]);
  });
});
