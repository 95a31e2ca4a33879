/** Every screen in every state worth looking at, and how to get there. */
import type { Page, Route } from 'playwright-core';
import { people, progressOf } from '../../dev/stub_people.ts';
import type { SyncDto } from '../../src/lib/dto.ts';
import type { Language } from '../../src/lib/i18n.svelte.ts';
import { finished, photo, sessionIn, type SessionState } from './fixtures.ts';
import { VOICE_LOOKS } from './screens_voice.ts';
import { INBOX_LOOKS } from './screens_inbox.ts';

export interface Look {
  name: string;
  area: 'patient' | 'carer';
  /** `slug` is the person whose language it is. */
  open: (page: Page, slug: string, language: Language) => Promise<void>;
}

const json = (route: Route, body: unknown, status = 200): Promise<void> =>
  route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });

async function withSession(page: Page, slug: string, language: Language, state: SessionState): Promise<void> {
  await page.route(`**/api/patients/${slug}/session`, (route) => json(route, sessionIn(state, language, slug)));
  await page.route('**/media/fixture?size=*', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: photo(route.request().url().includes('blurred')) }),
  );
  await page.goto(`/p/${slug}/session`);
  await page.locator('[data-action="stop"]').waitFor();
}

const session = (state: SessionState): Look => ({
  name: `session-${state}`,
  area: 'patient',
  open: (page, slug, language) => withSession(page, slug, language, state),
});

const carer = (name: string, path: string, wait: string): Look => ({
  name,
  area: 'carer',
  open: async (page, slug) => {
    await page.goto(`/c/${slug}/${path}`);
    await page.locator(wait).first().waitFor();
  },
});

/** A stand-in for a companion with some weeks of sessions. */
async function withProgress(page: Page, slug: string, language: Language): Promise<void> {
  const person = people().find((other) => other.patient.language === language);
  if (!person) throw new Error('nobody speaks that');
  await page.route(`**/api/patients/${slug}/progress`, (route) => json(route, progressOf(person)));
  await page.route(`**/api/patients/${slug}/sessions/*/trials`, (route) => json(route, person.trials));
  await page.goto(`/c/${slug}/progress`);
  await page.locator('[data-domain] svg').first().waitFor();
}

/** A link with a clinic that has a long name. */
function paired(language: Language): SyncDto {
  const zh = language === 'zh-CN';
  const kinds = ['device-facts', 'sessions', 'trials', 'adherence'];
  return {
    paired: true,
    address: 'https://portal.memory-clinic-of-the-harbour-district.example',
    clinic: zh ? '港口区记忆门诊与康复中心' : 'Memory Clinic of the Harbour District',
    clinic_patient: zh ? '王奶奶' : 'Hedda',
    synced_at: '2026-05-04T09:30:00Z',
    trouble: null,
    trouble_text: null,
    passes: true,
    shares: kinds.map((kind, at) => ({ kind, shared: at !== 0, waiting: at })),
    plan_version: 3,
    plan_taken_at: '2026-05-03T18:05:00Z',
  };
}

async function withLink(page: Page, slug: string, link: SyncDto, wait: string): Promise<void> {
  await page.route(`**/api/patients/${slug}/sync`, (route) => json(route, link));
  await page.goto(`/c/${slug}/clinic`);
  await page.locator(wait).waitFor();
}

export const LOOKS: Look[] = [
  {
    name: 'choose',
    area: 'patient',
    open: async (page) => {
      await page.goto('/choose');
      await page.locator('[data-main]').first().waitFor();
    },
  },
  {
    name: 'new-patient',
    area: 'patient',
    open: async (page) => {
      await page.goto('/new');
      await page.locator('#name').waitFor();
    },
  },
  {
    name: 'home',
    area: 'patient',
    open: async (page, slug) => {
      await page.goto(`/p/${slug}`);
      await page.locator('.start-button').waitFor();
    },
  },
  {
    name: 'home-help',
    area: 'patient',
    open: async (page, slug) => {
      await page.goto(`/p/${slug}`);
      await page.locator('.start-button').waitFor();
      await page.locator('[data-help]').click();
    },
  },
  ...(['talk', 'hint-photo', 'whole-photo', 'choice', 'sum', 'colour-word', 'listen'] as const).map(session),
  {
    name: 'session-stop',
    area: 'patient',
    open: async (page, slug, language) => {
      await withSession(page, slug, language, 'talk');
      await page.locator('[data-action="stop"]').click();
      await page.locator('#stop-title').waitFor();
    },
  },
  {
    name: 'session-offline',
    area: 'patient',
    open: async (page, slug, language) => {
      await withSession(page, slug, language, 'talk');
      await page.route('**/session/input', (route) => route.abort());
      await page.locator('#answer').fill(language === 'zh-CN' ? '熏鱼' : 'smoked trout');
      await page.locator('form button[type="submit"]').click();
      await page.locator('.trouble').waitFor();
    },
  },
  {
    name: 'done',
    area: 'patient',
    open: async (page, slug, language) => {
      await page.route(`**/api/patients/${slug}/session`, (route) => json(route, finished(language, slug)));
      await page.goto(`/p/${slug}/done`);
      await page.locator('.recalled').waitFor();
    },
  },
  {
    name: 'add',
    area: 'patient',
    open: async (page, slug, language) => {
      await page.goto(`/p/${slug}/add`);
      await page.locator('#add-when').fill(language === 'zh-CN' ? '一九八五年夏天' : 'summer 1985');
    },
  },
  {
    name: 'gate',
    area: 'patient',
    open: async (page, slug) => {
      await page.goto(`/c/${slug}`);
      await page.locator('[data-main]').first().waitFor();
    },
  },
  carer('memories', 'memories', '[data-memory]'),
  {
    name: 'memories-found',
    area: 'carer',
    open: async (page, slug, language) => {
      await page.goto(`/c/${slug}/memories`);
      await page.locator('[data-memory]').first().waitFor();
      await page.locator('#question').fill(language === 'zh-CN' ? '夏天去了哪里？' : 'Where did we go with the boat?');
      await page.locator('form[role="search"] button[type="submit"]').click();
      await page.locator('[data-outcome]').waitFor();
    },
  },
  {
    name: 'memory',
    area: 'carer',
    open: async (page, slug) => {
      await page.goto(`/c/${slug}/memories`);
      await page.locator('[data-memory]:has(img) a').first().click();
      await page.locator('[data-fact]').first().waitFor();
    },
  },
  carer('memory-new', 'memories/new', '#text'),
  {
    name: 'bin-undo',
    area: 'carer',
    open: async (page, slug) => {
      await page.goto(`/c/${slug}/memories`);
      await page.locator('[data-memory] button').last().click();
      await page.locator('[data-undo]').waitFor();
    },
  },
  {
    name: 'bin',
    area: 'carer',
    open: async (page, slug) => {
      await page.goto(`/c/${slug}/bin`);
      await page.locator('main li').first().waitFor();
    },
  },
  carer('people', 'people', 'tbody tr'),
  ...VOICE_LOOKS,
  ...INBOX_LOOKS,
  { name: 'progress', area: 'carer', open: withProgress },
  {
    name: 'progress-trials',
    area: 'carer',
    open: async (page, slug, language) => {
      await withProgress(page, slug, language);
      await page.locator('[data-session] button').first().click();
      await page.locator('[data-trial]').first().waitFor();
    },
  },
  carer('plan', 'plan', '#session_minutes'),
  carer('clinic', 'clinic', '#code'),
  { name: 'clinic-paired', area: 'carer', open: (page, slug, language) => withLink(page, slug, paired(language), '[data-now]') },
  {
    name: 'clinic-end',
    area: 'carer',
    open: async (page, slug, language) => {
      await withLink(page, slug, { ...paired(language), shares: paired(language).shares.map((share) => ({ ...share, shared: false })) }, '[data-end]');
      await page.locator('[data-end]').click();
      await page.locator('[data-end-for-good]').waitFor();
    },
  },
  {
    name: 'clinic-unreachable',
    area: 'carer',
    open: (page, slug, language) => {
      const text = language === 'zh-CN' ? '诊所的平台没有回应。内容都在，以后会再发送。' : 'The clinic’s portal does not answer. Everything is kept and will be sent later.';
      return withLink(page, slug, { ...paired(language), trouble: 'unreachable', trouble_text: text }, '[data-trouble]');
    },
  },
  {
    name: 'clinic-removed',
    area: 'carer',
    open: (page, slug, language) => {
      const text = language === 'zh-CN' ? '诊所已经解除了和这台设备的配对。这里的内容都在。' : 'The clinic has ended the link with this device. Everything is kept here.';
      return withLink(page, slug, { ...paired(language), trouble: 'removed', trouble_text: text, passes: false }, '[data-pair]');
    },
  },
  carer('settings', 'settings', 'output'),
  carer('data', 'data', '#confirm'),
];
