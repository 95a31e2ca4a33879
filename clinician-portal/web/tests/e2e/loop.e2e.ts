/**
 * The whole loop, with both programs and one browser: a session on the companion, its trials on the portal with the rungs the
 * companion logged, a plan changed by the clinician, the next session by that plan, and the portal that knows it was taken.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Player } from '../../../../desktop/ui/tests/e2e/player.ts';
import { freePort, openBrowser, openContext, openPage, openPortal, People, untilReady, type Portal } from './harness.ts';
import { PATIENTS } from './looks.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const REME = process.env.REME_BIN;
const FRANK = `/patients/${PATIENTS.frank}`;

interface Trial {
  kind: string;
  verdict: string;
  rung: number | null;
}

describe.runIf(REME)('a companion and a clinic', () => {
  let portal: Portal;
  let browser: Browser;
  let people: People;
  let page: Page;
  let faults: string[];
  let address = '';
  let close = async (): Promise<void> => {};

  beforeAll(async () => {
    portal = await openPortal();
    const code = portal.demo.patients.find((patient) => patient.id === PATIENTS.frank)?.code ?? '';
    const data = mkdtempSync(join(tmpdir(), 'reme-loop-'));
    address = `http://127.0.0.1:${await freePort()}`;
    const words = ['serve', '--no-open', '--data', data, '--port', address.split(':').at(-1) ?? '', '--demo', join(ROOT, 'assets/demo')];
    words.push('--ui', join(ROOT, 'desktop/ui/dist'), '--templates', join(ROOT, 'game-templates'), '--pair', `demo-en=${portal.address}/pair#${code}`);
    // Keys lie in a file inside the data folder: a test never touches the keyring of the person who runs it.
    const child = spawn(REME ?? '', words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, REME_KEYS: 'file' } });
    const ended = new Promise<void>((go) => child.once('exit', () => go()));
    close = async () => {
      child.kill('SIGINT');
      await ended;
      rmSync(data, { recursive: true, force: true });
    };
    await untilReady(`${address}/api/health`, child);
    browser = await openBrowser();
    people = new People(browser, portal.address);
    ({ page, faults } = await openPage(await openContext(browser, address)));
  });
  afterAll(async () => {
    await browser?.close();
    await close();
    await portal?.close();
  });

  /** Sends and fetches by the button on the carer's clinic page. */
  const syncNow = async (): Promise<void> => {
    await page.goto(`${address}/c/demo-en/clinic`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/sync/now'));
    await page.locator('[data-link] [data-now]').click();
    expect((await answered).ok()).toBe(true);
    expect(await page.locator('[data-trouble]').count()).toBe(0);
  };

  /** Plays to the end, or until the game that is named has begun. Some details are known, some come after hints. */
  const play = async (): Promise<Set<string>> => {
    await page.goto(`${address}/p/demo-en`);
    await page.getByRole('link', { name: 'Start', exact: true }).click();
    const player = new Player(page);
    const games = new Set<string>();
    for (let step = 0; step < 200; step += 1) {
      const seen = await player.look();
      if (seen === null) return games;
      games.add(seen.game);
      if (seen.isNumber) await player.tapNumber(await player.sum(seen.said));
      else if (seen.hasStimulus) await player.ink();
      else if (seen.isChoice) await player.turn(() => page.locator('.choice').first().click());
      else if (step % 3 === 1 && (await page.locator('[data-action="hint"]:not([disabled]):not([aria-disabled="true"])').count()) > 0) await player.press('hint');
      else await player.write(step % 2 === 0 ? 'I am not sure about that.' : 'It was with my family.');
    }
    throw new Error('the session did not end');
  };

  test('the demo person is paired at the start, and the clinic has the first plan taken', async () => {
    await page.goto(`${address}/c/demo-en/clinic`);
    await page.locator('[data-link]').waitFor();
    await syncNow();
    await page.locator('[data-plan]').waitFor();
    expect(faults).toEqual([]);
  });

  test('a session on the companion stands on the portal with the rungs that were logged', async () => {
    const games = await play();
    expect(games.size).toBe(3);
    await page.waitForURL('**/done');
    await syncNow();
    const progress = (await (await page.request.get(`${address}/api/patients/demo-en/progress`, { headers: { 'X-ReMe': '1' } })).json()) as { sessions: { id: string }[] };
    const session = progress.sessions.at(0)?.id ?? '';
    const logged = (await (await page.request.get(`${address}/api/patients/demo-en/sessions/${session}/trials`, { headers: { 'X-ReMe': '1' } })).json()) as Trial[];
    expect(logged.filter((trial) => trial.rung !== null).length).toBeGreaterThan(2);

    const clinician = await people.page('clinician', 'en');
    await clinician.page.goto(`${FRANK}/sessions/${session}`);
    await clinician.page.locator('[data-trial]').first().waitFor();
    const shown = await clinician.page.locator('[data-trial]').evaluateAll((rows) =>
      rows.map((row) => ({ verdict: row.getAttribute('data-verdict'), rung: row.getAttribute('data-rung') })),
    );
    expect(shown).toEqual(logged.map(({ verdict, rung }) => ({ verdict, rung: rung === null ? null : String(rung) })));
    await clinician.page.close();
  });

  test('a changed plan is followed by the next session, and the portal shows that it was taken', async () => {
    const clinician = await people.page('clinician', 'en');
    await clinician.page.goto(`${FRANK}/plan`);
    await clinician.page.locator('[data-preview]').waitFor();
    await clinician.page.locator('[data-game="colour-words"] input[type="checkbox"]').uncheck();
    await clinician.page.fill('#sessions_per_week', '7');
    await clinician.page.fill('#session_minutes', '12');
    await clinician.page.click('[data-save]');
    await clinician.page.locator('[data-version="2"]').waitFor();
    // The clinic's own history stands there as a device too, marked as simulated; it takes no plan.
    const arrived = (state: string) => clinician.page.locator(`[data-arrival="${state}"]`, { hasNotText: 'simulated' });
    await arrived('waiting').waitFor();

    await syncNow();
    await page.locator('[data-plan]', { hasText: 'version 2' }).waitFor();
    await clinician.page.click('[data-look]');
    await arrived('in-force').waitFor();
    await clinician.page.close();

    const games = await play();
    expect([...games].some((game) => /colour/i.test(game))).toBe(false);
    expect(games.size).toBeGreaterThan(0);
    await syncNow();
    expect(faults).toEqual([]);
  });
});
