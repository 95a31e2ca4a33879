/** What leaves the portal through the browser: the FHIR bundle held against the specification, the report as a real PDF. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Language } from '$shared/lib/i18n.svelte.ts';
import { fhirValidator, type Bundle } from './fhir.ts';
import { openBrowser, openPortal, People, type Portal } from './harness.ts';
import { PATIENTS } from './looks.ts';

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

test('the FHIR bundle of each patient is valid R4, and the check of it can fail', async () => {
  const faultsOf = fhirValidator();
  const { page } = await people.page('clinician', 'en');
  for (const patient of Object.values(PATIENTS)) {
    await page.goto(`/patients/${patient}/data`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-fhir]').click()]);
    const bundle = JSON.parse(readFileSync(await download.path(), 'utf8')) as Bundle;
    const kinds = [...new Set(bundle.entry.map(({ resource }) => resource.resourceType))].sort();
    expect(kinds).toEqual(['CarePlan', 'Device', 'Observation', 'Patient', 'Provenance', 'QuestionnaireResponse']);
    expect(faultsOf(bundle)).toEqual([]);
    // Broken on purpose, one thing at a time.
    const broken = (type: string, change: (resource: Record<string, unknown>) => void): string[] => {
      const copy = structuredClone(bundle);
      const found = copy.entry.find(({ resource }) => resource.resourceType === type);
      if (found) change(found.resource);
      return faultsOf(copy);
    };
    expect(broken('Patient', (patient) => (patient.birthDate = '27 February 1948'))).not.toEqual([]);
    expect(broken('CarePlan', (plan) => (plan.status = 'going-well'))).toEqual(['CarePlan.status is none of the codes it may be']);
    expect(broken('Observation', (observation) => (observation.mood = 'good'))).not.toEqual([]);
    expect(broken('Observation', (observation) => delete observation.code)).toContain('Observation.code is missing');
    expect(broken('QuestionnaireResponse', (response) => (response.item = [{ text: 'no link id' }]))).toContain('QuestionnaireResponse.item.linkId is missing');
  }
  await page.close();
});

/** Words that must stand in the report, in each language: heading, plan with the games' titles, a trend, its foot. */
const REPORTS: [Language, string, string[]][] = [
  ['en', PATIENTS.frank, ['Memory training at home: Frank Delaney', 'Sessions finished', 'Memories of my life', 'Trends by domain', 'Rung profile', 'it is no diagnosis']],
  ['zh-CN', PATIENTS.gu, ['顾秀芸', '我的往事', '字的颜色', '不作诊断']],
];

test.each(REPORTS)('the report is a PDF of a few A4 pages with its words as text, in %s', async (language, patient, words) => {
  const { page } = await people.page('clinician', language);
  await page.goto(`/patients/${patient}/report`);
  await page.locator('[data-report] [data-domain] svg').first().waitFor();
  // One click opens the browser's own dialogue; what it would write is written here.
  const asked = page.evaluate(() => new Promise<boolean>((go) => (window.print = () => go(true))));
  await page.click('[data-print]');
  expect(await asked).toBe(true);
  const shots = process.env.REME_SHOTS;
  const pdf = await page.pdf({ format: 'A4', ...(shots && { path: `${shots}/report-${language}.pdf` }) });
  const read = await getDocumentProxy(new Uint8Array(pdf));
  expect(read.numPages).toBeGreaterThan(0);
  expect(read.numPages).toBeLessThan(5);
  const [, , width = 0, height = 0] = (await read.getPage(1)).view;
  // 210 mm by 297 mm, in points; browsers round up.
  expect([Math.floor(width), Math.floor(height)]).toEqual([595, 842]);
  const { text } = await extractText(read, { mergePages: true });
  // Where a line ends depends on the paper, not on what is said.
  // And a letter may be written as another of the same look.
  const tidy = (line: string): string => line.normalize('NFKC').replace(/\s+/g, '');
  const plain = tidy(text);
  for (const word of words) expect(plain).toContain(tidy(word));
  // Nothing of the frame around it is printed.
  const logOut = await page.locator('[data-log-out]').innerText();
  expect(plain).not.toContain(tidy(logOut));
  await page.close();
});

test('the report speaks of the period chosen only', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto(`/patients/${PATIENTS.frank}/report`);
  await page.locator('[data-report] [data-domain] svg').first().waitFor();
  const [asked] = await Promise.all([page.waitForRequest('**/trends?*'), page.locator('[data-report]').locator('xpath=preceding::select').first().selectOption('4')]);
  const from = new URL(asked.url()).searchParams.get('from') ?? '';
  expect(from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  const trends = (await (await page.waitForResponse('**/trends?*')).json()) as { domains: { points: { day: string }[] }[] };
  for (const { points } of trends.domains) expect(points.every(({ day }) => day >= from)).toBe(true);
  await page.close();
});
