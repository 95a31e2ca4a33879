/** The screens that hear, speak and answer, in every state worth looking at. */
import type { Page } from 'playwright-core';
import type { Language } from '../../src/lib/i18n.svelte.ts';
import type { FoundDto } from '../../src/lib/dto.ts';
import { sessionIn } from './fixtures.ts';
import type { Look } from './screens.ts';
import { personOf, withVoice } from './stubbed.ts';

const MISSING = {
  en: 'Hearing is missing on this machine. A carer can fetch it with: reme model pull hearing',
  'zh-CN': '本机还没有听写模型。照护者可以运行：reme model pull hearing',
};

async function withTalk(page: Page, slug: string, language: Language, part: object): Promise<void> {
  await withVoice(page, slug, language, part);
  await page.route(`**/api/patients/${slug}/session`, (route) => route.fulfill({ json: sessionIn('talk', language, slug) }));
  await page.goto(`/p/${slug}/session`);
  await page.locator('[data-sound]').waitFor();
}

/** Listens and goes on listening: what the companion hears does not end. */
async function neverEnding(page: Page, slug: string, language: Language): Promise<void> {
  const said = language === 'zh-CN' ? '那天我们在码头吃了' : 'That day on the pier we ate';
  await page.route(new RegExp(`/api/patients/${slug}/listen/[^/]+\\?after=`), async (route) => {
    const isFirst = route.request().url().endsWith('after=0');
    if (!isFirst) await new Promise((go) => setTimeout(go, 200));
    const event = { seq: 1, kind: 'partial', level: 0.5, text: said, words: [], recording: null };
    await route.fulfill({ json: isFirst ? [event] : [] }).catch(() => undefined);
  });
}

export function foundOf(language: Language, what: 'answer' | 'rule' | 'pattern' | 'near' | 'nothing'): FoundDto {
  const zh = language === 'zh-CN';
  const memories = personOf(language).memories;
  const [first = '', second = ''] = memories.map((memory) => memory.id);
  const none: FoundDto = { memories: [], answer_text: null, level: 1, cited: [], rule_in_words: null, support: null, exceptions: null, nothing_found: false, nothing_text: null };
  switch (what) {
    case 'answer':
      return { ...none, memories, answer_text: zh ? '你们在码头吃了熏鱼。' : 'You ate smoked trout on the pier.', cited: [first] };
    case 'rule':
      return { ...none, memories, level: 3, answer_text: zh ? '有两件合适。' : 'Two memories fit.', cited: [first, second], rule_in_words: zh ? '本人或家人记下的、一天以前的、提到别人的回忆。' : 'memories that are more than a day old, name somebody else, and are not marked sensitive.' };
    case 'pattern': {
      const answer_text = zh ? '夏天出门，您多半坐早班渡轮。' : 'When you go out in summer, you mostly take the early ferry.';
      return { ...none, memories, level: 4, answer_text, cited: [first, second], support: 5, exceptions: 1 };
    }
    case 'near':
      return { ...none, memories: memories.slice(0, 1) };
    case 'nothing':
      return { ...none, memories: memories.slice(1, 2), nothing_found: true, nothing_text: zh ? '没有找到这方面的记忆。' : 'I have no memory of that.' };
  }
}

const asked = (what: Parameters<typeof foundOf>[1]): Look => ({
  name: `ask-${what}`,
  area: 'patient',
  open: async (page, slug, language) => {
    await withVoice(page, slug, language);
    await page.route(`**/api/patients/${slug}/search`, (route) => route.fulfill({ json: foundOf(language, what) }));
    await page.goto(`/p/${slug}/ask`);
    await page.locator('#question').fill(language === 'zh-CN' ? '我们在码头吃了什么？' : 'What did we eat on the pier?');
    await page.locator('form[role="search"] .main').click();
    await page.locator('[data-outcome]').waitFor();
  },
});

const searched = (what: Parameters<typeof foundOf>[1]): Look => ({
  name: `search-${what}`,
  area: 'carer',
  open: async (page, slug, language) => {
    await page.route(`**/api/patients/${slug}/search`, (route) => route.fulfill({ json: foundOf(language, what) }));
    await page.goto(`/c/${slug}/memories`);
    await page.locator('[data-memory]').first().waitFor();
    await page.locator('#question').fill(language === 'zh-CN' ? '我们在码头吃了什么？' : 'What did we eat on the pier?');
    if (what === 'rule') {
      await page.locator('[data-rule-open]').click();
      await page.locator('#rule').fill(language === 'zh-CN' ? '满一天、至少提到一个别人' : 'more than a day old, names somebody else');
    }
    await page.locator('form[role="search"] button[type="submit"]').click();
    await page.locator('[data-outcome]').waitFor();
  },
});

export const VOICE_LOOKS: Look[] = [
  {
    name: 'ask',
    area: 'patient',
    open: async (page, slug, language) => {
      await withVoice(page, slug, language);
      await page.goto(`/p/${slug}/ask`);
      await page.locator('#question').waitFor();
    },
  },
  ...(['answer', 'rule', 'pattern', 'near', 'nothing'] as const).map(asked),
  ...(['answer', 'rule', 'pattern', 'near', 'nothing'] as const).map(searched),
  {
    name: 'session-listening',
    area: 'patient',
    open: async (page, slug, language) => {
      await withTalk(page, slug, language, {});
      await neverEnding(page, slug, language);
      await page.locator('[data-mic]').click();
      await page.locator('[data-mic="listening"]').waitFor();
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#answer')?.value !== '');
    },
  },
  {
    name: 'session-unsure',
    area: 'patient',
    open: async (page, slug, language) => {
      await withTalk(page, slug, language, {});
      const text = language === 'zh-CN' ? '熏鱼' : 'smoked trout';
      await page.route(new RegExp(`/api/patients/${slug}/listen/[^/]+\\?after=`), (route) =>
        route.fulfill({ json: [{ seq: 1, kind: 'final', level: 0, text, words: [{ text, confidence: 0.3 }], recording: null }] }),
      );
      await page.locator('[data-mic]').click();
      await page.locator('[data-hearing="unsure"]').waitFor();
    },
  },
  {
    name: 'session-not-heard',
    area: 'patient',
    open: async (page, slug, language) => {
      await withTalk(page, slug, language, {});
      await page.route(new RegExp(`/api/patients/${slug}/listen/[^/]+\\?after=`), (route) =>
        route.fulfill({ json: [{ seq: 1, kind: 'nothing', level: 0, text: '', words: [], recording: null }] }),
      );
      await page.locator('[data-mic]').click();
      await page.locator('[data-hearing="nothing"]').waitFor();
    },
  },
  {
    name: 'session-no-model',
    area: 'patient',
    open: async (page, slug, language) => {
      const missing = { ready: false, message: MISSING[language] };
      await withTalk(page, slug, language, { hearing: missing, speaking: missing });
      await page.locator('[data-mic]').click();
      await page.locator('[data-hearing="missing"]').waitFor();
      await page.locator('[data-sound]').click();
      await page.locator('[data-why]').waitFor();
    },
  },
  {
    name: 'session-speaking',
    area: 'patient',
    open: async (page, slug, language) => {
      // A long sentence, so that it still sounds while the screen is measured.
      await page.addInitScript(() => {
        const make = AudioContext.prototype.decodeAudioData;
        AudioContext.prototype.decodeAudioData = async function (bytes: ArrayBuffer) {
          const short = await make.call(this, bytes);
          return this.createBuffer(1, short.sampleRate * 600, short.sampleRate);
        };
      });
      await withTalk(page, slug, language, { speak: true });
      // A browser may want a tap before it lets sound out.
      await page.locator('[data-needs-tap], [data-replay="speaking"]').first().waitFor();
      if ((await page.locator('[data-needs-tap]').count()) > 0) await page.locator('[data-replay]').click();
      await page.locator('[data-replay="speaking"]').waitFor();
    },
  },
  {
    name: 'add-spoken',
    area: 'patient',
    open: async (page, slug, language) => {
      await withVoice(page, slug, language);
      await page.goto(`/p/${slug}/add`);
      await page.locator('[data-mic]').click();
      await page.locator('[data-checks]').waitFor();
      await page.locator('[data-recordings] audio').waitFor();
    },
  },
  {
    name: 'settings-voice',
    area: 'carer',
    open: async (page, slug, language) => {
      await withVoice(page, slug, language, { device: { ready: false, message: MISSING[language] } });
      await page.goto(`/c/${slug}/settings`);
      await page.locator('[data-voice] output').waitFor();
    },
  },
];
