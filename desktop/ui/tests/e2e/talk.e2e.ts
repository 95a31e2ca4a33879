/**
 * Talking for real: a recording is played into Chromium's microphone, and what the companion heard in it becomes the answer of a
 * session, the words of a note, a question. Played against the real companion, where the hearing models are on this machine.
 */
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ListenEventDto, VoiceDto } from '../../src/lib/dto.ts';
import { isReal, openBrowser, openCompanion, openPage, type Companion } from './harness.ts';

const SOUNDS = resolve(import.meta.dirname, '../../../../app-core/speech/tests/sounds');
/** Says that it was somebody's birthday; 16 kHz. */
const RECORDING = join(SOUNDS, 'birthday.en.wav');
const HEARD = /birthday/i;
/** A whole turn on a busy machine: the recording, 2.5 s of silence, and the recogniser's work. */
const TURN_MS = 120_000;
const MISSING = 'the hearing models are not on this machine; type: cargo xtask models hearing';

describe.runIf(isReal)('a spoken answer', () => {
  let companion: Companion;
  let browser: Browser;
  let page: Page;
  let context: BrowserContext;
  let faults: string[];
  let voice: VoiceDto;

  beforeAll(async () => {
    companion = await openCompanion();
    browser = await openBrowser(RECORDING);
    voice = (await (await fetch(`${companion.address}/api/patients/demo-en/voice`)).json()) as VoiceDto;
  });
  afterAll(async () => {
    await browser?.close();
    await companion?.close();
  });
  beforeEach(async () => {
    ({ page, context, faults } = await openPage(browser, companion.address, { viewport: { width: 1280, height: 860 } }));
    page.setDefaultTimeout(TURN_MS);
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  /** Everything the companion told while it listened. */
  function told(): ListenEventDto[] {
    const all: ListenEventDto[] = [];
    page.on('response', (response) => {
      if (response.request().method() !== 'GET' || !/\/listen\/[^/]+\?after=/.test(response.url())) return;
      void response.json().then((events: ListenEventDto[]) => all.push(...events)).catch(() => undefined);
    });
    return all;
  }

  test('without the models it is said which command fetches them, and typing goes on', async ({ skip }) => {
    skip(voice.hearing.ready, 'the hearing models are on this machine');
    await page.goto('/p/demo-en/session');
    await page.locator('[data-mic]').click();
    await page.locator('[data-hearing="missing"]').getByText('reme model pull hearing').waitFor();
    await page.locator('#answer').fill('I do not know');
    await page.keyboard.press('Enter');
    await page.locator('.mine .bubble').getByText('I do not know').waitFor();
  });

  test('goes from the microphone into the session, ended by silence', async ({ skip }) => {
    skip(!voice.hearing.ready, MISSING);
    const events = told();
    await page.goto('/p/demo-en/session');
    const taken = page.waitForRequest((request) => request.url().endsWith('/session/input'));
    await page.locator('[data-mic]').click();
    await page.waitForFunction(() => document.querySelector('[role="meter"] .lit') !== null);
    // It goes by itself where the recogniser is sure, else the person sends it.
    const unsure = page.locator('[data-hearing="unsure"]').waitFor().then(() => page.locator('form button[type="submit"]').click());
    await Promise.race([taken, unsure]);
    const input = (await taken).postDataJSON() as { value: string; rt_ms: number | null };
    expect(input.value).toMatch(HEARD);
    await page.locator('.mine .bubble').getByText(HEARD).waitFor();
    const last = events.filter((event) => event.kind === 'final');
    expect(last).toHaveLength(1);
    expect(last[0]?.words.length).toBeGreaterThan(3);
  });

  test('becomes a note with its recording', async ({ skip }) => {
    skip(!voice.hearing.ready, MISSING);
    await page.goto('/p/demo-en/add');
    await page.locator('[data-mic]').click();
    await page.locator('[data-checks]').waitFor();
    expect(await page.locator('#add-text').inputValue()).toMatch(HEARD);
    await page.locator('.save .main').click();
    await page.locator('.kept').waitFor();
    await page.goto('/c/demo-en/memories');
    await page.locator('[data-memory] a').getByText(HEARD).first().click();
    await page.locator('[data-recordings] audio').waitFor();
    // It can be played: the browser finds a length in it.
    const length = await page.locator('[data-recordings] audio').evaluate(
      (audio) =>
        new Promise<number>((go) => {
          const sound = audio as HTMLAudioElement;
          sound.preload = 'metadata';
          sound.onloadedmetadata = () => go(sound.duration);
          sound.onerror = () => go(-1);
          sound.load();
        }),
    );
    expect(length).toBeGreaterThan(2);
  });

  test('a line is spoken where the voice is here, and a missing one is explained', async () => {
    await page.goto('/p/demo-en/session');
    if (voice.speaking.ready) {
      const wav = page.waitForResponse((response) => response.url().endsWith('/speak'));
      await page.locator('[data-replay]').click();
      expect((await wav).headers()['content-type']).toBe('audio/wav');
    } else {
      await page.locator('[data-sound]').click();
      await page.locator('[data-why]').getByText('reme model pull speaking').waitFor();
    }
  });
});
