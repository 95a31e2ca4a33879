/** How the screens are operated: by keyboard alone, with help at hand, when the companion does not answer, in print. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SyncDto } from '../../src/lib/dto.ts';
import { sessionIn } from './fixtures.ts';
import { isReal, openBrowser, openCompanion, openPage, type Companion } from './harness.ts';
import { pngPhoto } from './photo.ts';

let companion: Companion;
let browser: Browser;
let page: Page;
let context: BrowserContext;
let faults: string[];

beforeAll(async () => {
  companion = await openCompanion();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await companion?.close();
});
beforeEach(async () => {
  ({ page, context, faults } = await openPage(browser, companion.address, { viewport: { width: 1280, height: 860 } }));
});
afterEach(async () => {
  await context.close();
  expect(faults).toEqual([]);
});

/** Presses Tab until what has the focus fits; each stop on the way must be seen to have it. */
async function tabTo(selector: string, most = 60): Promise<void> {
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press('Tab');
    const state = await page.evaluate((wanted) => {
      const at = document.activeElement;
      if (!at || at === document.body) return { fits: false, seen: true, what: 'body' };
      const outlined = [at, at.closest('[data-target]')].some((one) => one && parseFloat(getComputedStyle(one).outlineWidth) >= 2 && getComputedStyle(one).outlineStyle !== 'none');
      return { fits: at.matches(wanted), seen: outlined, what: at.outerHTML.slice(0, 90) };
    }, selector);
    expect(state.seen, `the focus is seen on ${state.what}`).toBe(true);
    if (state.fits) return;
  }
  throw new Error(`${selector} was not reached in ${most} presses of Tab`);
}

const focusOn = (selector: string): Promise<void> => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector).then(() => undefined);

describe('by keyboard alone', () => {
  test('a patient chooses, starts, answers, asks for a hint, and stops', async () => {
    await page.goto('/choose');
    await page.locator('[data-main]').first().waitFor();
    await tabTo('a[href="/p/demo-en"]');
    await page.keyboard.press('Enter');
    await page.locator('.start-button').waitFor();
    await focusOn('h1');
    await tabTo('.start-button');
    await page.keyboard.press('Enter');
    await page.locator('[data-action="stop"]').waitFor();
    await tabTo('#answer');
    const before = await page.locator('.conversation .bubble').count();
    await page.keyboard.type('We went out together');
    await page.keyboard.press('Enter');
    await page.waitForFunction((count) => document.querySelectorAll('.conversation .bubble').length > count && !document.querySelector('.thinking'), before);
    await focusOn('#answer');
    await tabTo('[data-action="hint"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.querySelector('.thinking'));
    await focusOn('[data-action="hint"]');
    await tabTo('[data-action="stop"]');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Yes, stop' }).waitFor();
    await tabTo('.stop .button:not(.main)');
    await page.keyboard.press('Enter');
    await focusOn('[data-action="stop"]');
    await page.keyboard.press('Enter');
    await focusOn('.stop .main');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/done$/);
    await page.getByRole('heading', { name: /We stop here/ }).waitFor();
    await focusOn('h1');
    await tabTo('a.main');
    await page.keyboard.press('Enter');
    await page.locator('.start-button').waitFor();
  });

  test('help opens, holds the focus, and gives it back', async () => {
    await page.goto('/p/demo-en');
    await page.locator('.start-button').waitFor();
    await tabTo('[data-help]');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.querySelector('dialog[open]')?.contains(document.activeElement) || document.activeElement === document.body)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await focusOn('[data-help]');
  });

  test('a carer searches, opens, edits and saves a memory', async () => {
    await page.goto('/c/demo-en/memories');
    await page.locator('[data-memory]').first().waitFor();
    await tabTo('.skip');
    await page.keyboard.press('Enter');
    await focusOn('h1');
    await tabTo('#question');
    await page.keyboard.type('Who was with me at the choir?');
    await page.keyboard.press('Enter');
    await page.locator('[data-outcome]').waitFor();
    await tabTo('[data-memory] a');
    await page.keyboard.press('Enter');
    await page.locator('#tags').waitFor();
    await focusOn('h1');
    await tabTo('#tags');
    await page.keyboard.press('End');
    await page.keyboard.type(', by keyboard');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved.').waitFor();
    expect(await page.locator('#tags').inputValue()).toContain('by keyboard');
  });
});

describe('kindly in trouble', () => {
  test('the word "help" typed as an answer opens help', async () => {
    await page.route('**/api/patients/demo-en/session', (route) => route.fulfill({ json: sessionIn('talk', 'en', 'demo-en') }));
    await page.goto('/p/demo-en/session');
    await page.locator('#answer').fill('help');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    expect(await page.locator('dialog p').innerText()).toContain('no hurry');
  });

  test('when the companion does not answer, it is said, what was typed stays, and trying again goes on', async () => {
    await page.route('**/api/patients/demo-en/session', (route) => route.fulfill({ json: sessionIn('talk', 'en', 'demo-en') }));
    let isThere = false;
    const taken: unknown[] = [];
    await page.route('**/session/input', (route) => {
      if (!isThere) return route.abort();
      taken.push(route.request().postDataJSON());
      return route.fulfill({ json: { ...sessionIn('choice', 'en', 'demo-en'), turn: 5 } });
    });
    await page.goto('/p/demo-en/session');
    await page.locator('#answer').fill('smoked trout');
    await page.keyboard.press('Enter');
    await page.getByText('ReMe is not answering').waitFor();
    expect(await page.locator('#answer').inputValue()).toBe('smoked trout');
    isThere = true;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.choice').first().waitFor();
    expect(taken).toMatchObject([{ kind: 'text', value: 'smoked trout', turn: 4 }]);
    expect((taken[0] as { rt_ms: number | null }).rt_ms, 'resumed at turn 4: how long it was seen is unknown').toBeNull();
    await page.locator('.choice').first().click();
    await page.waitForFunction(() => !document.querySelector('.thinking'));
    expect((taken[1] as { rt_ms: number }).rt_ms).toBeGreaterThan(0);
  });

  test('each screen says so when nothing comes back, and loads when it does', async () => {
    for (const path of ['/choose', '/p/demo-en', '/c/demo-en/memories', '/c/demo-en/people', '/c/demo-en/progress', '/c/demo-en/plan']) {
      await page.route('**/api/**', (route) => route.abort());
      await page.goto(path);
      await page.getByText('is not answering').waitFor();
      await page.unroute('**/api/**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForFunction(() => !document.querySelector('.trouble') && !document.querySelector('.loading'));
      expect(await page.locator('h1').count(), path).toBe(1);
    }
  });

  test('an address that leads nowhere says so', async () => {
    await page.goto('/p/nobody-here');
    await page.getByRole('heading', { name: 'There is no screen here' }).waitFor();
    await page.getByRole('link', { name: 'To the first screen' }).click();
    await page.locator('[data-main]').first().waitFor();
  });

  test('unkept changes are not lost by a stray tap', async () => {
    await page.goto('/c/demo-en/memories/new');
    await page.locator('#text').fill('Half a thought');
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByText('There are changes that are not saved').waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(await page.locator('#text').inputValue()).toBe('Half a thought');
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await page.waitForURL(/people$/);
  });
});

describe('what is kept apart', () => {
  test('the patient sees no table and no number of how well it went', async () => {
    for (const path of ['/choose', '/p/demo-en', '/p/demo-en/add', '/p/demo-en/done', '/c/demo-en']) {
      await page.goto(path);
      await page.locator('[data-main], h1').first().waitFor();
      expect(await page.locator('table').count(), path).toBe(0);
      expect(await page.locator('body').innerText(), path).not.toMatch(/\d\s*%/);
    }
  });
  test('settings are seen at once and stay', async () => {
    await page.goto('/c/demo-en/settings');
    await page.getByLabel('Dark', { exact: true }).check();
    await page.getByText('Saved.').waitFor();
    const size = await page.locator('output').first().innerText();
    await page.getByRole('button', { name: /Larger/ }).click();
    await page.waitForFunction((old) => document.querySelector('output')?.textContent !== old, size);
    await page.waitForFunction(() => !document.querySelector('[role="alert"]'));
    const kept = await page.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.style.getPropertyValue('--text')]);
    expect(kept[0]).toBe('dark');
    // The answer to the last change, not only its look.
    await page.waitForFunction(async (wanted) => `${(await (await fetch('/api/patients/demo-en/settings')).json()).text_px}px` === wanted, kept[1]);
    await page.goto('/p/demo-en');
    await page.locator('.start-button').waitFor();
    expect(await page.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.style.getPropertyValue('--text')])).toEqual(kept);
    await page.goto('/c/demo-en/settings');
    await page.getByLabel('As the device').check();
    await page.getByRole('button', { name: /Smaller/ }).click();
    await page.waitForFunction((old) => document.querySelector('output')?.textContent === old, size);
  });
  test('on paper there are the numbers and no buttons', async () => {
    await page.goto('/c/demo-en/progress');
    await page.locator('main .sheet').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('[data-help]').isVisible()).toBe(false);
    expect(await page.locator('h1').isVisible()).toBe(true);
  });
});

describe('a patient adds a memory', () => {
  test('with a date as it is said and a photo; the carer finds it with both', async () => {
    await page.goto('/p/demo-en/add');
    await page.getByRole('button', { name: 'Keep this memory' }).click();
    await page.getByText('There are no words yet').waitFor();
    await page.locator('#add-text').fill('We flew a paper dragon above the quarry.');
    await page.locator('#add-when').fill('May 1985');
    await page.getByText('That is: May 1985').waitFor();
    await page.locator('#add-who').fill('Odile');
    await page.locator('input[type="file"]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: pngPhoto(320, 240) });
    await page.getByRole('img', { name: 'The photo you chose' }).waitFor();
    await page.getByRole('button', { name: 'Keep this memory' }).click();
    await page.getByRole('heading', { name: 'Kept' }).waitFor();
    await focusOn('h1');
    await page.goto('/c/demo-en/memories');
    const row = page.locator('[data-memory]', { hasText: 'paper dragon' });
    await row.locator('img').waitFor();
    expect(await row.innerText()).toContain('May 1985');
    expect(await row.innerText()).toContain('Odile');
  });
  test('a file that is no photo is refused in words, and the rest stays', async () => {
    await page.goto('/p/demo-en/add');
    await page.locator('#add-text').fill('Words that stay.');
    await page.locator('input[type="file"]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
    await page.locator('.trouble').waitFor();
    expect((await page.locator('.trouble').innerText()).length).toBeGreaterThan(20);
    expect(await page.locator('#add-text').inputValue()).toBe('Words that stay.');
  });
});

describe.runIf(isReal)('with a companion that is stopped and started again', () => {
  test('a session goes on at the same place', async () => {
    const data = mkdtempSync(join(tmpdir(), 'reme-e2e-again-'));
    let second = await openCompanion({ data });
    const port = Number(new URL(second.address).port);
    const other = await openPage(browser, second.address);
    try {
      await other.page.goto('/p/demo-en/session');
      await other.page.locator('#answer').waitFor();
      const lines = await other.page.locator('.conversation .bubble').allInnerTexts();
      await second.close();
      await other.page.locator('#answer').fill('I remember the sea');
      await other.page.keyboard.press('Enter');
      await other.page.getByText('ReMe is not answering').waitFor();
      expect(await other.page.locator('#answer').inputValue()).toBe('I remember the sea');
      second = await openCompanion({ data, port });
      await other.page.getByRole('button', { name: 'Try again' }).click();
      await other.page.waitForFunction((count) => document.querySelectorAll('.conversation .bubble').length > count, lines.length + 1);
      expect((await other.page.locator('.conversation .bubble').allInnerTexts()).slice(0, lines.length)).toEqual(lines);
      expect(other.faults).toEqual([]);
    } finally {
      await other.context.close();
      await second.close();
      rmSync(data, { recursive: true, force: true });
    }
  });
});

describe('the link with a clinic', () => {
  const answer = (link: Partial<SyncDto>): SyncDto => ({
    paired: false, address: null, clinic: null, clinic_patient: null, synced_at: null, trouble: null, trouble_text: null, passes: true,
    shares: ['device-facts', 'sessions', 'trials', 'adherence'].map((kind) => ({ kind, shared: false, waiting: 0 })), plan_version: null, plan_taken_at: null, ...link,
  });
  /** A companion whose portal knows one code. */
  async function withPortal(): Promise<{ asked: unknown[] }> {
    const asked: unknown[] = [];
    let link = answer({});
    await page.route('**/api/patients/demo-en/sync**', (route) => {
      const what = new URL(route.request().url()).pathname.split('/sync')[1];
      const body = JSON.parse(route.request().postData() ?? '{}') as Record<string, unknown>;
      if (what !== '') asked.push([what, body]);
      const json = (status: number, value: unknown): Promise<void> => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(value) });
      if (what === '/pair' && body['code'] !== 'ABCD-2345')
        return json(422, { code: 'sync-code-used', field: 'code', message: 'This code has been used already. Ask the clinic for a new one.' });
      if (what === '/pair')
        link = answer({ paired: true, address: String(body['address']), clinic: 'Harbour Clinic', clinic_patient: 'Hedda', shares: link.shares.map((s) => ({ ...s, shared: (body['share'] as string[]).includes(s.kind) })) });
      if (what === '/now') link = { ...link, synced_at: '2026-05-04T09:30:00Z', plan_version: 2, plan_taken_at: '2026-05-04T09:30:00Z' };
      if (what === '/share') link = { ...link, shares: link.shares.map((s) => (s.kind === body['kind'] ? { ...s, shared: Boolean(body['shared']) } : s)) };
      if (what === '/unpair') link = answer({});
      return json(200, link);
    });
    return { asked };
  }

  test('a code that was used says so beside its field, and a good one pairs and syncs', async () => {
    const { asked } = await withPortal();
    await page.goto('/c/demo-en/clinic');
    await page.locator('#address').fill('https://portal.example');
    await page.locator('#code').fill('WXYZ-2345');
    await page.locator('[data-kind="device-facts"] input').uncheck();
    await page.locator('[data-pair] button[type="submit"]').click();
    await page.locator('#code-trouble').waitFor();
    expect(await page.locator('#code').getAttribute('aria-describedby')).toBe('code-trouble');
    expect(await page.locator('#address').inputValue()).toBe('https://portal.example');
    await page.locator('#code').fill('ABCD-2345');
    await page.locator('[data-pair] button[type="submit"]').click();
    await page.locator('[data-plan]').waitFor();
    expect(await page.locator('[data-link] h2').textContent()).toContain('Harbour Clinic');
    expect(asked.slice(1)).toEqual([
      ['/pair', { address: 'https://portal.example', code: 'ABCD-2345', share: ['trials', 'sessions', 'adherence'] }],
      ['/now', {}],
    ]);
    expect(await page.locator('[data-kind="trials"] input').isChecked()).toBe(true);
    expect(await page.locator('[data-kind="device-facts"] input').isChecked()).toBe(false);
  });

  test('what is shared is switched one by one, and the link ends only after a second press', async () => {
    const { asked } = await withPortal();
    await page.goto('/c/demo-en/clinic');
    await page.locator('#address').fill('https://portal.example');
    await page.locator('#code').fill('ABCD-2345');
    await page.locator('[data-pair] button[type="submit"]').click();
    await page.locator('[data-plan]').waitFor();
    await page.locator('[data-kind="sessions"] input').uncheck();
    await page.waitForFunction(() => document.querySelector('[data-kind="sessions"] input:not(:checked)') !== null);
    expect(asked.at(-1)).toEqual(['/share', { kind: 'sessions', shared: false }]);
    await page.route('**/api/patients/demo-en/sync/share', (route) => route.abort(), { times: 1 });
    await page.locator('[data-kind="trials"] input').click();
    await page.locator('.trouble').waitFor();
    expect(await page.locator('[data-kind="trials"] input').isChecked(), 'what was not kept goes back').toBe(true);
    await page.locator('[data-end]').focus();
    await page.keyboard.press('Enter');
    await focusOn('[role="group"] button');
    await page.keyboard.press('Enter');
    await focusOn('[data-end]');
    expect(asked.at(-1)).toEqual(['/share', { kind: 'sessions', shared: false }]);
    await page.locator('[data-end]').click();
    await page.locator('[data-end-for-good]').click();
    await page.locator('#code').waitFor();
    expect(asked.at(-1)).toEqual(['/unpair', {}]);
  });

  test('a clinic that has ended the link is said, and the way to a new one is open', async () => {
    await page.route('**/api/patients/demo-en/sync', (route) =>
      route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(answer({ paired: true, clinic: 'Harbour Clinic', trouble: 'removed', trouble_text: 'The clinic has ended the link.', passes: false })) }));
    await page.goto('/c/demo-en/clinic');
    await page.locator('[data-trouble]').waitFor();
    await page.locator('#code').waitFor();
  });
});
