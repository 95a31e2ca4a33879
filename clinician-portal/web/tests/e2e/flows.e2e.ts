/** What a clinician, a carer and an administrator do, in a real browser against the real portal. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Device } from './device.ts';
import { codeNow, openBrowser, openContext, openPage, openPortal, People, totp, typeLogIn, type Portal } from './harness.ts';
import { PATIENTS } from './looks.ts';

let portal: Portal;
let browser: Browser;
let people: People;
const FRANK = `/patients/${PATIENTS.frank}`;

beforeAll(async () => {
  portal = await openPortal();
  browser = await openBrowser();
  people = new People(browser, portal.address);
});
afterAll(async () => {
  await browser?.close();
  await portal?.close();
});

test('a log-in that does not fit says so and keeps email and password; the right code opens the address that was asked for', async () => {
  const context = await openContext(browser, portal.address);
  const { page, faults } = await openPage(context);
  await page.goto(`${FRANK}/plan`);
  await typeLogIn(page, 'clinician', '000000');
  await page.locator('[role="alert"]').waitFor();
  expect(await page.inputValue('#password')).not.toBe('');
  expect(await page.inputValue('#code')).toBe('');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('code');
  // The code of the last half minute still holds, and leaves this one's for the next log-in.
  await page.keyboard.type(codeNow(-1));
  await page.keyboard.press('Enter');
  await page.locator('[data-preview]').waitFor();
  expect(new URL(page.url()).pathname).toBe(`${FRANK}/plan`);
  expect(faults).toEqual([]);
  await context.close();
});

test('the list shows who needs a look first, sorts, narrows, and is reached from any page by keyboard', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto('/staff');
  await page.locator('[data-account]').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('[data-search]').waitFor();
  await page.locator('[data-patient]').first().waitFor();
  const order = (): Promise<(string | null)[]> => page.locator('[data-patient]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-patient')));
  // 顾秀芸 trains less and less, Frank Delaney as planned.
  expect(await order()).toEqual([PATIENTS.gu, PATIENTS.frank]);
  expect(await page.locator(`[data-patient="${PATIENTS.gu}"] [data-reason]`).count()).toBeGreaterThan(0);
  await page.click('[data-sort="name"]');
  expect(await page.locator('th[aria-sort="ascending"]').innerText()).toContain('Patient');
  const up = await order();
  await page.click('[data-sort="name"]');
  expect(await order()).toEqual([...up].reverse());
  await page.keyboard.press('Control+k');
  await page.locator('[data-search]:focus').waitFor();
  await page.keyboard.type('d-1001');
  await page.locator(`[data-patient="${PATIENTS.gu}"]`).waitFor({ state: 'detached' });
  expect(await order()).toEqual([PATIENTS.frank]);
  await page.fill('[data-search]', 'nobody of that name');
  await page.locator('.empty').waitFor();
  await page.close();
});

test('a page can be worked by keyboard alone: skip link, heading, tabs', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto('/patients');
  await page.locator('[data-patient]').first().waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  const focusOn = async (selector: string): Promise<void> => {
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    }
    throw new Error(`${selector} cannot be reached by keyboard`);
  };
  await focusOn(`a[href="${FRANK}"]`);
  await page.keyboard.press('Enter');
  await page.locator('[data-tab="plan"]').waitFor();
  await focusOn('[data-tab="plan"]');
  await page.keyboard.press('Enter');
  await page.locator('[data-preview]').waitFor();
  await focusOn('#session_minutes');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('22');
  expect(await page.locator('[data-changes]').innerText()).toContain('20 → 22');
  await page.close();
});

test('a changed plan is previewed, becomes a new version, and can be undone', async () => {
  const { page, faults } = await people.page('clinician', 'en');
  await page.goto(`${FRANK}/plan`);
  await page.locator('[data-save]').click();
  expect(await page.locator('form [role="alert"]').innerText()).toContain('Nothing differs');
  await page.fill('#session_minutes', '25');
  await page.locator('[data-game="colour-words"] input[type="checkbox"]').uncheck();
  await page.selectOption('#plan-language', 'zh-CN');
  await page.fill('#plan-note', 'Longer sessions wanted');
  const preview = await page.locator('[data-preview]').innerText();
  expect(preview).toContain('3 sessions a week of about 25 minutes: 75 minutes a week');
  expect(preview).toContain('No longer: The colour of words');
  expect(preview).toContain('English → Chinese');
  // What is not in force yet is not dropped by a slip.
  await page.click('[data-tab="notes"]');
  await page.click('[data-no]');
  expect(new URL(page.url()).pathname).toBe(`${FRANK}/plan`);
  expect(await page.inputValue('#session_minutes')).toBe('25');
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-version="2"]').waitFor();
  expect(await page.locator('[data-version="2"]').innerText()).toContain('Longer sessions wanted');
  await page.locator('[data-arrival="waiting"]').waitFor();
  await page.click('[data-undo-plan]');
  await page.click('[data-yes]');
  await page.locator('[data-version="3"]').waitFor();
  expect(await page.inputValue('#session_minutes')).toBe('20');
  expect(await page.locator('[data-game="colour-words"] input[type="checkbox"]').isChecked()).toBe(true);
  expect(faults).toEqual([]);
  await page.close();
});

test('a plan that somebody else changed meanwhile is not overwritten', async () => {
  const first = await people.page('clinician', 'en');
  const second = await people.page('clinician', 'en');
  for (const { page } of [first, second]) {
    await page.goto(`/patients/${PATIENTS.gu}/plan`);
    await page.locator('[data-preview]').waitFor();
  }
  await first.page.fill('#sessions_per_week', '2');
  await first.page.click('[data-save]');
  await first.page.locator('[data-version="2"]').waitFor();
  await second.page.fill('#sessions_per_week', '5');
  await second.page.click('[data-save]');
  await second.page.click('[data-reload]');
  await second.page.locator('[data-version="2"]').waitFor();
  expect(await second.page.inputValue('#sessions_per_week')).toBe('2');
  await first.page.close();
  await second.page.close();
});

test('a plan is shown as waiting, handed over and delivered, as a real device fetches and follows it', async () => {
  const { page, faults } = await people.page('clinician', 'en');
  await page.goto(`${FRANK}/devices`);
  await page.click('[data-pair]');
  const device = new Device(portal.address);
  await device.pair(await page.locator('[data-code]').innerText(), 'e2e-tablet');
  await page.goto(`${FRANK}/plan`);
  await page.fill('#session_minutes', '28');
  expect(await page.locator('[data-preview]').innerText()).toContain('3 sessions a week of about 28 minutes');
  await page.click('[data-save]');
  await page.getByText('is in force. The device takes it', { exact: false }).waitFor();
  const arrival = (state: string) => page.locator(`[data-arrival="${state}"]`, { hasText: 'e2e-tablet' });
  await arrival('waiting').waitFor();
  const { plan } = await device.pull();
  expect(plan?.dose.session_minutes).toBe(28);
  await page.click('[data-look]');
  await arrival('handed-over').waitFor();
  await device.planTaken(plan?.version ?? 0);
  await page.click('[data-look]');
  await arrival('in-force').waitFor();
  expect(await page.locator(`[data-version="${plan?.version}"]`).innerText()).toContain('Delivered');
  // "Who saw my data" names the device by what it is.
  await page.click('[data-tab="audit"]');
  await page.locator('[data-action="device:plan-taken"]', { hasText: 'e2e-tablet' }).first().waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('a session opens down to its trials, gives its note in one click, and lets a trial be taken away', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto(`${FRANK}/sessions`);
  await page.locator('[data-session] a').first().click();
  await page.locator('[data-trial]').first().waitFor();
  const before = await page.locator('[data-trial]').count();
  await page.click('[data-note]');
  await page.locator('[data-copy-state="copied"]').waitFor();
  const note = await page.inputValue('[data-copy-text]');
  expect(note).toContain('Home memory training');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(note);
  await page.locator('[data-trial="0"] button').click();
  await page.keyboard.press('Escape');
  expect(await page.locator('[data-yes]').count()).toBe(0);
  await page.locator('[data-trial="0"] button').click();
  await page.click('[data-yes]');
  await page.locator('[data-trial="0"]').waitFor({ state: 'detached' });
  expect(await page.locator('[data-trial]').count()).toBe(before - 1);
  await page.close();
});

test('a pairing code is shown as text and picture, and its address says what to do with it', async () => {
  const { page } = await people.page('carer', 'en');
  await page.goto(`${FRANK}/devices`);
  await page.click('[data-pair]');
  const code = await page.locator('[data-code]').innerText();
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
  await page.locator('[data-pairing] svg[role="img"]').waitFor();
  await page.goto(`/pair#${code.toLowerCase()}`);
  expect(await page.locator('main').innerText()).toContain(code);
  await page.close();
});

test('a chart fits on paper, and the download of the trials stands in the log of who saw the data', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto(`${FRANK}/report`);
  await page.locator('[data-report] [data-domain] svg').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('[data-log-out]').isVisible()).toBe(false);
  expect(await page.locator('[data-print]').isVisible()).toBe(false);
  // A chart drawn for a wider screen shrinks to its place on paper, instead of being cut off.
  const cut = await page.locator('[data-domain] .chart').evaluateAll(
    (charts) =>
      charts.filter((chart) => {
        const drawing = chart.querySelector('svg');
        drawing?.setAttribute('width', '5000');
        return (drawing?.getBoundingClientRect().width ?? 0) > chart.getBoundingClientRect().width + 1;
      }).length,
  );
  expect(cut).toBe(0);
  await page.emulateMedia({ media: null });
  await page.click('[data-tab="data"]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-csv]').click()]);
  expect(download.suggestedFilename()).toBe('trials.csv');
  await page.click('[data-tab="audit"]');
  await page.locator('[data-action="patient:export"][data-outcome="allowed"]').first().waitFor();
  await page.close();
});

test('a patient is added, found among those who need a look, and erased only by name', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto('/patients/new');
  await page.click('button[type="submit"]');
  expect(await page.locator('[role="alert"]').innerText()).toContain('Name');
  await page.fill('#name', 'Ida <b>Test</b>');
  await page.fill('#zone', 'Nowhere/Land');
  await page.click('button[type="submit"]');
  await page.locator('.trouble').waitFor();
  expect(await page.locator('#zone').getAttribute('aria-invalid')).toBe('true');
  await page.fill('#zone', 'Europe/Oslo');
  await page.click('button[type="submit"]');
  await page.locator('[data-preview]').waitFor();
  expect(await page.locator('h1').innerText()).toBe('Ida <b>Test</b>');
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  await page.goto('/patients');
  await page.locator(`[data-patient="${id}"] [data-reason="no-plan"]`).waitFor();
  await page.goto(`/patients/${id}/data`);
  await page.fill('#confirm', 'Somebody else');
  expect(await page.locator('[data-erase]').isDisabled()).toBe(true);
  await page.fill('#confirm', 'Ida <b>Test</b>');
  await page.click('[data-erase]');
  await page.locator('[data-patients]').waitFor();
  expect(await page.locator(`[data-patient="${id}"]`).count()).toBe(0);
  await page.close();
});

test('somebody invited sets up the account, and a carer sees a patient only once linked', async () => {
  const admin = await people.page('admin', 'en');
  await admin.page.goto('/staff');
  await admin.page.fill('#invite-name', 'Nora Carer');
  await admin.page.fill('#invite-email', 'nora@demo.example');
  await admin.page.selectOption('#invite-role', 'carer');
  await admin.page.click('button[type="submit"]');
  const link = await admin.page.locator('[data-invited] [data-copy-text]').inputValue();
  await admin.page.close();

  const context = await openContext(browser, portal.address);
  const { page, faults } = await openPage(context);
  await page.goto(link);
  const secret = await page.locator('.secret').innerText();
  await page.fill('#password', 'four herrings and a kettle');
  await page.fill('#again', 'four herrings and a cattle');
  await page.fill('#code', totp(secret, Date.now()));
  await page.click('button[type="submit"]');
  await page.locator('.trouble-text').waitFor();
  await page.fill('#again', 'four herrings and a kettle');
  await page.fill('#code', totp(secret, Date.now()));
  await page.click('button[type="submit"]');
  await page.locator('a[href="/"]').click();
  await page.fill('#email', 'nora@demo.example');
  await page.fill('#password', 'four herrings and a kettle');
  await page.fill('#code', totp(secret, Date.now()));
  await page.click('button[type="submit"]');
  await page.locator('.empty').waitFor();
  expect(await page.locator('nav a[href="/staff"]').count()).toBe(0);

  const clinician = await people.page('clinician', 'en');
  await clinician.page.goto(`${FRANK}/data`);
  await clinician.page.locator('#carer').selectOption({ label: 'Nora Carer (nora@demo.example)' });
  await clinician.page.locator('#carer + button').click();
  await clinician.page.locator('[data-undo]').waitFor();
  await page.reload();
  await page.locator(`[data-patient="${PATIENTS.frank}"]`).waitFor();
  // Undone, the patient is out of sight again.
  await clinician.page.click('[data-undo]');
  await clinician.page.getByText('Nora Carer is taken away', { exact: false }).waitFor();
  await page.goto(FRANK);
  await page.locator('.trouble').waitFor();
  expect(faults).toEqual([]);
  await clinician.page.close();
  await context.close();
});

test('a check-in is answered by keyboard, kept, and seen by the clinician; an empty one is not kept', async () => {
  const { page, faults } = await people.page('carer', 'en');
  await page.goto(`/patients/${PATIENTS.gu}/check-ins`);
  await page.locator('[data-check-in]').first().waitFor();
  const before = await page.locator('[data-check-in]').count();
  await page.click('[data-keep]');
  expect(await page.locator('form [role="alert"]').innerText()).toContain('Every question is open');
  await page.locator('[data-question="mood"] input[value="good"]').focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('[data-question="mood"] input[value="mixed"]').isChecked()).toBe(true);
  await page.fill('#check-in-remark', 'Slept <i>badly</i>.');
  await page.click('[data-keep]');
  await page.locator('[data-check-in]').nth(before).waitFor();
  await page.close();
  const clinician = await people.page('clinician', 'en');
  await clinician.page.goto(`/patients/${PATIENTS.gu}/check-ins`);
  await clinician.page.getByText('Slept <i>badly</i>.').waitFor();
  expect(faults).toEqual([]);
  await clinician.page.close();
});

test('why to look stands on the patient’s page as on the list, and the log names the device', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto(`/patients/${PATIENTS.gu}`);
  await page.locator('[data-why] [data-reason="below-dose"]').waitFor();
  await page.goto(FRANK);
  await page.locator('[data-domain] svg').first().waitFor();
  expect(await page.locator('[data-why]').count()).toBe(0);
  await page.close();
});

test('the language is kept with the account', async () => {
  const { page } = await people.page('clinician', 'en');
  await page.goto('/patients');
  await Promise.all([page.waitForResponse('**/api/me/language'), page.click('[data-language]')]);
  await page.locator('html[lang="zh-CN"]').waitFor();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.locator('html[lang="zh-CN"]').waitFor();
  expect(await page.locator('h1').innerText()).toBe('患者');
  await page.close();
});

test('after the end of a session a half-written note waits, out of sight, for the same person', async () => {
  const { page } = await people.page('clinician', 'en');
  const other = await people.page('clinician', 'en');
  await other.page.goto('/patients');
  await page.goto(`${FRANK}/notes`);
  await page.fill('#note', 'She remembered the ferry by its horn.');
  await other.page.click('[data-log-out]');
  await other.page.locator('#email').waitFor();
  await page.locator('form .button.main').click();
  await page.locator('#code').waitFor();
  expect(await page.getByText('Frank Delaney').first().isVisible()).toBe(false);
  expect(await page.locator('#note').isVisible()).toBe(false);
  await typeLogIn(page, 'clinician', codeNow(1));
  await page.locator('#note').waitFor();
  expect(await page.inputValue('#note')).toContain('horn');
  await page.locator('form .button.main').click();
  await page.locator('[data-note]').waitFor();
  expect(await page.locator('[data-note]').innerText()).toContain('She remembered the ferry');
  await page.close();
  await other.page.close();
});

test('an account disabled by a slip is enabled again', async () => {
  const { page } = await people.page('admin', 'en');
  await page.goto('/staff');
  const carer = page.locator('tr', { hasText: 'carer@demo.example' });
  await carer.locator('button').click();
  await page.click('[data-yes]');
  await carer.locator('[data-enable]').click();
  await page.getByText('is enabled again', { exact: false }).waitFor();
  expect(await carer.locator('.tag').innerText()).toBe('active');
  await page.close();
});
