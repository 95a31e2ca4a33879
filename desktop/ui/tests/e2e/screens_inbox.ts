/** The inbox, the faces and the files from other devices, in every state worth looking at. */
import type { Page } from 'playwright-core';
import type { Language } from '../../src/lib/i18n.svelte.ts';
import type { Look } from './screens.ts';
import { withInbox } from './stubbed.ts';

const inbox = (name: string, then: (page: Page) => Promise<void> = async () => undefined): Look => ({
  name,
  area: 'carer',
  open: async (page, slug, language) => {
    await withInbox(page, slug, language);
    await page.goto(`/c/${slug}/inbox`);
    await page.locator('[data-suggestion]').first().waitFor();
    await then(page);
  },
});

const faces = (name: string, then: (page: Page, language: Language) => Promise<void> = async () => undefined): Look => ({
  name,
  area: 'carer',
  open: async (page, slug, language) => {
    await withInbox(page, slug, language);
    await page.goto(`/c/${slug}/people`);
    await page.locator('[data-group]').first().waitFor();
    await page.waitForFunction(() => document.querySelector('[data-crop="waits"]') === null);
    await then(page, language);
  },
});

const file = (name: string, then: (page: Page) => Promise<void>): Look => ({
  name,
  area: 'carer',
  open: async (page, slug, language) => {
    await withInbox(page, slug, language);
    await page.goto(`/c/${slug}/data`);
    await page.locator('[data-choose]').waitFor();
    await then(page);
  },
});
const give = (page: Page, name: string): Promise<void> =>
  page.locator('[data-sensors] input[type="file"]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(4096, 'x') });

export const INBOX_LOOKS: Look[] = [
  inbox('inbox'),
  inbox('inbox-edit', async (page) => {
    await page.locator('[data-suggestion="s-draft"] [data-edit]').click();
    await page.locator('#text').waitFor();
  }),
  inbox('inbox-text', async (page) => {
    await page.locator('[data-filter="text"]').click();
    await page.locator('[data-suggestion="s-text"] [data-edit]').click();
    await page.locator('#words').waitFor();
  }),
  inbox('inbox-all', async (page) => {
    await page.locator('[data-dismiss-all]').click();
    await page.locator('[data-dismiss-all-yes]').waitFor();
  }),
  inbox('inbox-empty', async (page) => {
    await page.locator('[data-dismiss-all]').click();
    await page.locator('[data-dismiss-all-yes]').click();
    await page.locator('.empty').waitFor();
    await page.locator('[data-undo]').waitFor();
  }),
  faces('faces'),
  faces('faces-consent', async (page, language) => {
    const group = page.locator('[data-group="g-a"]');
    await group.locator('input').first().fill(language === 'zh-CN' ? '建国' : 'Jacob');
    await group.locator('[data-name]').click();
    await page.locator('[data-consent="yes"]').waitFor();
  }),
  faces('faces-split', async (page) => {
    await page.locator('[data-group="g-a"] [data-split]').click();
    await page.locator('.pick input').first().check();
  }),
  faces('faces-merge', async (page) => {
    await page.locator('[data-group="g-c"] [data-merge]').click();
    await page.locator('[data-merge-go]').waitFor();
  }),
  faces('faces-forget', async (page) => {
    await page.locator('[data-group="g-b"] [data-forget]').click();
    await page.locator('[data-forget-yes]').waitFor();
  }),
  file('data-reading', async (page) => {
    await page.route('**/sensors', () => undefined);
    await give(page, 'walk.gpx');
    await page.locator('[data-sensors] progress').waitFor();
  }),
  file('data-done', async (page) => {
    await give(page, 'walk.gpx');
    await page.locator('[data-result="read"]').waitFor();
  }),
  file('data-unread', async (page) => {
    await give(page, 'walk.docx');
    await page.locator('[data-result="unread"]').waitFor();
  }),
];
