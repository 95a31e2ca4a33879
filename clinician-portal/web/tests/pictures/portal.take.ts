/**
 * Takes the pictures of README.md from the real portal with its demo clinic, into docs/pictures/. Needs the path of the built
 * `reme-portal` in PORTAL_BIN:
 *
 *     PORTAL_BIN=../../target/debug/reme-portal npm run pictures
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import type { Language } from '$shared/lib/i18n.svelte.ts';
import { openBrowser, openPortal, People } from '../e2e/harness.ts';
import { PATIENTS } from '../e2e/looks.ts';

const TARGET = resolve(import.meta.dirname, '../../../../docs/pictures');
/** Name, language, path, what to wait for, theme. */
const PICTURES: [string, Language, string, string, 'light' | 'dark'][] = [
  ['portal-patients', 'en', '/patients', '[data-patient]', 'light'],
  ['portal-patient', 'zh-CN', `/patients/${PATIENTS.gu}`, '[data-domain] svg', 'light'],
  ['portal-plan', 'en', `/patients/${PATIENTS.frank}/plan`, '[data-preview]', 'light'],
  ['portal-session', 'en', `/patients/${PATIENTS.frank}/sessions`, '[data-session]', 'dark'],
];

test('pictures', async () => {
  mkdirSync(TARGET, { recursive: true });
  const portal = await openPortal();
  const browser = await openBrowser();
  try {
    const people = new People(browser, portal.address);
    for (const [name, language, path, wait, theme] of PICTURES) {
      const { page } = await people.page('clinician', language);
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(path);
      await page.locator(wait).first().waitFor();
      if (name === 'portal-session') {
        await page.locator('[data-session] a').first().click();
        await page.locator('[data-trial]').first().waitFor();
        await page.locator('[data-note]').click();
        await page.locator('[data-copy-state="copied"]').waitFor();
      }
      if (name === 'portal-plan') await page.fill('#session_minutes', '25');
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(TARGET, `${name}.png`) });
      await page.close();
    }
  } finally {
    await browser.close();
    await portal.close();
  }
});
