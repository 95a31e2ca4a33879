/**
 * The inbox, faces, files from other devices, asking and talking, operated: what is sent when something is pressed, what can be
 * undone, what works without a mouse. The stub's engines are laid over whatever companion runs.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { InputDto } from '../../src/lib/dto.ts';
import { sessionIn } from './fixtures.ts';
import { openBrowser, openCompanion, openPage, type Companion } from './harness.ts';
import { foundOf } from './screens_voice.ts';
import { withInbox, withVoice } from './stubbed.ts';

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

/** What was sent to addresses that fit, in order: method, last parts of the path, body. */
function sent(fits: RegExp): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (request.method() === 'GET' || !fits.test(path)) return;
    all.push(`${request.method()} ${path.split('/').slice(4).join('/')} ${request.headers()['content-type']?.includes('json') ? (request.postData() ?? '') : ''}`.trim());
  });
  return all;
}
const focusOn = (selector: string): Promise<void> => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector).then(() => undefined);

describe('the inbox', () => {
  beforeEach(async () => {
    await withInbox(page, 'demo-en', 'en');
    await page.goto('/c/demo-en/inbox');
    await page.locator('[data-suggestion]').first().waitFor();
  });

  test('a draft is put right, kept, and taken back', async () => {
    const asked = sent(/suggestions/);
    expect(await page.locator('[data-badge]').innerText()).toContain('7');
    const draft = page.locator('[data-suggestion="s-draft"]');
    expect(await draft.locator('[data-source]').innerText()).toBe('From a GPS track.');
    expect(await draft.locator('[data-sure]').innerText()).toBe('Quite sure.');
    await draft.locator('[data-edit]').click();
    await focusOn('#text');
    await page.locator('#people').fill('Ruth');
    await draft.locator('[data-accept]').click();
    await page.getByText('Kept as a memory.').waitFor();
    const [how = '', body = ''] = asked[0]?.split(/ (?=\{)/) ?? [];
    expect(how).toBe('POST suggestions/s-draft/accept');
    expect(JSON.parse(body)).toMatchObject({ text: null, fact: null, draft: { people: ['Ruth'], source: 'wearable', happened_at: '2026-11-21T15:30', facts: null } });
    expect(await page.locator('[data-suggestion="s-draft"]').count()).toBe(0);
    expect(await page.locator('[data-badge]').innerText()).toContain('6');
    await page.locator('[data-undo]').click();
    await page.locator('[data-suggestion="s-draft"]').waitFor();
    expect(asked.at(-1)).toBe('POST suggestions/s-draft/reopen {}');
  });

  test('the keys of a card do what its buttons do, and the next card has the focus', async () => {
    const asked = sent(/suggestions/);
    await page.locator('[data-suggestion="s-face"] [data-accept]').focus();
    await page.keyboard.press('a');
    await page.getByText('Accepted.').waitFor();
    await focusOn('[data-suggestion="s-fact"] [data-accept]');
    await page.keyboard.press('e');
    await focusOn('#fact-question');
    await page.keyboard.type('ad'); // writing is no shortcut
    await page.keyboard.press('Escape');
    await page.locator('[data-suggestion="s-fact"] [data-accept]').focus();
    await page.keyboard.press('d');
    await focusOn('[data-suggestion="s-text"] [data-accept]');
    expect(asked).toEqual(['POST suggestions/s-face/accept {}', 'POST suggestions/s-fact/dismiss {}']);
  });

  test('what was read in a photo is corrected before it is kept', async () => {
    const asked = sent(/suggestions/);
    await page.locator('[data-filter="text"]').click();
    expect(await page.locator('[data-suggestion]').count()).toBe(1);
    await page.locator('[data-edit]').click();
    await page.locator('#words').fill('');
    await page.locator('[data-accept]').click();
    await page.getByText('Something is still empty').waitFor();
    await page.locator('#words').fill('The Pier House');
    await page.locator('[data-accept]').click();
    await page.getByText('Accepted.').waitFor();
    expect(asked).toEqual(['POST suggestions/s-text/accept {"text":"The Pier House","draft":null,"fact":null}']);
    // The kind is empty now: everything else is shown again.
    expect(await page.locator('[data-suggestion]').count()).toBe(6);
  });

  test('all are let go at once after a question, and all come back', async () => {
    await page.locator('[data-dismiss-all]').click();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    expect(await page.locator('[data-suggestion]').count()).toBe(7);
    await page.locator('[data-dismiss-all]').click();
    await page.locator('[data-dismiss-all-yes]').click();
    await page.getByText('Nothing waits here').waitFor();
    await page.locator('[data-undo]').click();
    await page.locator('[data-suggestion="s-tag"]').waitFor();
    expect(await page.locator('[data-suggestion]').count()).toBe(7);
  });

  test('looking through the photos shows how far it is and can be stopped', async () => {
    await page.locator('[data-look-go]').click();
    await page.getByText(/Looking at the photos: \d of 6/).waitFor();
    await page.locator('[data-look-stop]').click();
    await page.locator('[data-look="stopped"]').waitFor();
    await page.locator('[data-look-go]').waitFor();
  });
});

describe('faces', () => {
  beforeEach(async () => {
    await withInbox(page, 'demo-en', 'en');
    await page.goto('/c/demo-en/people');
    await page.locator('[data-group]').first().waitFor();
  });

  test('a face is named once, with consent asked in words', async () => {
    const asked = sent(/faces/);
    const group = page.locator('[data-group="g-a"]');
    await group.locator('[data-name]').click();
    await page.getByText('The name is empty').waitFor();
    await group.locator('input').first().fill('ruthie'); // another name of somebody who is known
    await group.locator('[data-name]').click();
    await page.getByText('Does Ruth agree to be recognised in photos?').waitFor();
    await focusOn('[data-consent="yes"]');
    await page.keyboard.press('Enter');
    await page.getByText('Ruth will be recognised from now on.').waitFor();
    const body: unknown = JSON.parse(asked[0]?.split(/ (?=\{)/)[1] ?? '');
    expect(body).toMatchObject({ name: 'Ruth', relation: '', consent: true });
    expect((body as { person: string | null }).person).not.toBeNull();
  });

  test('without consent nothing of the face is kept', async () => {
    const asked = sent(/faces/);
    const group = page.locator('[data-group="g-a"]');
    await group.locator('input').first().fill('Jacob');
    await group.locator('input').nth(1).fill('neighbour');
    await group.locator('[data-name]').click();
    await page.locator('[data-consent="no"]').click();
    await page.getByText('The face was forgotten. Jacob will not be recognised.').waitFor();
    expect(asked).toEqual(['POST faces/g-a/dismiss {}']);
    expect(await group.count()).toBe(0);
  });

  test('faces of somebody else are taken out, and groups joined; both can be undone', async () => {
    const asked = sent(/faces/);
    await page.locator('[data-group="g-a"] [data-split]').click();
    await page.locator('[data-split-go]').click();
    await page.getByText('No face is ticked yet').waitFor();
    await page.locator('.pick input').nth(1).check();
    await page.locator('[data-split-go]').click();
    await page.getByText('1 face taken out.').waitFor();
    expect(asked.at(-1)).toBe('POST faces/g-a/split {"faces":["f2"]}');
    expect(await page.locator('[data-group]').count()).toBe(4);
    await page.locator('[data-undo]').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-group]').length === 3);
    await page.locator('[data-group="g-c"] [data-merge]').click();
    await page.locator('#into-g-c').selectOption('g-b');
    await page.locator('[data-merge-go]').click();
    await page.getByText('Joined.').waitFor();
    expect(asked.at(-1)).toBe('POST faces/g-c/merge {"into":"g-b"}');
  });

  test('a face is forgotten after a question', async () => {
    const asked = sent(/face/);
    await page.locator('[data-group="g-b"] [data-forget]').click();
    await page.getByText('Memories, photos and the name stay').waitFor();
    await page.locator('[data-forget-yes]').click();
    await page.getByText('was forgotten').waitFor();
    expect(asked[0]).toMatch(/^DELETE people\/[^/]+\/face$/);
  });
});

describe('a file from another device', () => {
  beforeEach(async () => {
    await withInbox(page, 'demo-en', 'en');
    await page.goto('/c/demo-en/data');
    await page.locator('[data-choose]').waitFor();
  });
  const give = (...names: string[]): Promise<void> =>
    page.locator('[data-sensors] input[type="file"]').setInputFiles(names.map((name) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(2048, 'x') })));

  test('goes with others of its time, is counted, and leads to the inbox', async () => {
    await give('walk.gpx', 'visits.ics');
    await page.locator('[data-result="read"]').waitFor();
    expect(await page.locator('[data-file]').count()).toBe(2);
    expect(await page.locator('[data-file="gpx"]').innerText()).toContain('1204 entries read.');
    expect(await page.locator('[data-suggestions]').innerText()).toContain('1 draft waits for you');
    await page.locator('[data-result] a').click();
    await page.locator('[data-suggestion="s-draft"]').waitFor();
  });
  test('that is not known is told, and another one can be chosen', async () => {
    await give('letter.docx');
    await page.locator('[data-result="unread"]').getByText('letter.docx is of a kind that is not known').waitFor();
    await give('visits.ics');
    await page.locator('[data-result="read"]').waitFor();
  });
  test('can be given up while it is on its way', async () => {
    await page.route('**/sensors', () => undefined);
    const given = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/sensors'));
    await give('walk.gpx');
    await page.locator('[data-cancel]').click();
    await given;
    await focusOn('[data-choose]');
    expect(await page.locator('[data-result]').count()).toBe(0);
  });
});

describe('asking', () => {
  test('by voice: the question stands in the box, the answer with what it rests on, and is read aloud where sound is on', async () => {
    await withVoice(page, 'demo-en', 'en', { speak: true });
    const asked = sent(/search|speak/);
    await page.route('**/api/patients/demo-en/search', (route) => route.fulfill({ json: foundOf('en', 'answer') }));
    await page.goto('/p/demo-en/ask');
    await page.locator('[data-mic]').click();
    await page.locator('[data-answer]').waitFor();
    expect(await page.locator('#question').inputValue()).toBe('We ate smoked trout');
    expect(asked[0]).toContain('"by":"patient"');
    expect(await page.locator('[data-found="cited"] [data-memory]').count()).toBe(1);
    await page.waitForFunction(() => document.querySelector('[data-replay]') !== null);
    await expect.poll(() => asked.filter((one) => one.startsWith('POST speak')).length, { timeout: 20_000 }).toBe(1);
    await page.locator('[data-another]').click();
    await focusOn('#question');
  });
  test('what no memory knows is said, and telling it is one tap away', async () => {
    await withVoice(page, 'demo-en', 'en');
    await page.route('**/api/patients/demo-en/search', (route) => route.fulfill({ json: foundOf('en', 'nothing') }));
    await page.goto('/p/demo-en/ask');
    await page.locator('#question').fill('When was I at the dentist?');
    await page.keyboard.press('Enter');
    await page.getByText('I have no memory of that.').waitFor();
    await page.getByRole('link', { name: 'Tell me about it' }).click();
    await page.locator('#add-text').waitFor();
  });
  test('a carer’s rule goes along and comes back in words', async () => {
    const asked = sent(/search/);
    await page.route('**/api/patients/demo-en/search', (route) => route.fulfill({ json: foundOf('en', 'rule') }));
    await page.goto('/c/demo-en/memories');
    await page.locator('[data-rule-open]').click();
    await page.locator('#rule').fill('more than a day old');
    await page.keyboard.press('Enter');
    await page.locator('[data-rule]').waitFor();
    expect(JSON.parse(asked[0]?.split(/ (?=\{)/)[1] ?? '')).toEqual({ question: 'more than a day old', rule: 'more than a day old', by: 'carer' });
    expect(await page.locator('[data-rule]').innerText()).toContain('as I understood it');
  });
});

describe('talking in a session', () => {
  let inputs: InputDto[];
  beforeEach(async () => {
    inputs = [];
    await page.route('**/api/patients/demo-en/session', (route) => route.fulfill({ json: sessionIn('talk', 'en', 'demo-en') }));
    await page.route('**/session/input', (route) => {
      inputs.push(route.request().postDataJSON() as InputDto);
      return route.fulfill({ json: { ...sessionIn('choice', 'en', 'demo-en'), turn: 5 } });
    });
  });

  test('a spoken answer is heard, shown while it grows, and sent by itself', async () => {
    await withVoice(page, 'demo-en', 'en');
    await page.goto('/p/demo-en/session');
    await page.locator('[data-mic]').click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#answer')?.value === 'We ate');
    expect(await page.locator('[role="meter"]').getAttribute('aria-valuenow')).not.toBeNull();
    await page.waitForFunction(() => document.querySelector('.choice') !== null);
    expect(inputs).toMatchObject([{ kind: 'text', value: 'We ate smoked trout', rt_ms: null }]);
  });

  test('a tap ends it early', async () => {
    await withVoice(page, 'demo-en', 'en');
    await page.goto('/p/demo-en/session');
    const stopped = page.waitForRequest(/listen\/[^/]+\/stop/);
    await page.locator('[data-mic]').click();
    await page.locator('[data-mic="listening"]').click();
    await stopped;
    await page.waitForFunction(() => document.querySelector('.choice') !== null);
  });

  test('asking for a hint while it listens ends the listening', async () => {
    await withVoice(page, 'demo-en', 'en');
    await page.goto('/p/demo-en/session');
    const dropped = page.waitForRequest((request) => request.method() === 'DELETE' && request.url().includes('/listen/'));
    await page.locator('[data-mic]').click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#answer')?.value !== '');
    await page.locator('[data-action="hint"]').click();
    await dropped;
    expect(await page.locator('[data-mic]').getAttribute('data-mic')).toBe('off');
    expect(inputs).toMatchObject([{ kind: 'hint' }]);
  });

  test('without a model it is said what is missing, and typing goes on', async () => {
    const missing = { ready: false, message: 'This machine cannot hear yet. Type: reme model pull hearing' };
    await withVoice(page, 'demo-en', 'en', { hearing: missing, speaking: missing });
    await page.goto('/p/demo-en/session');
    await page.locator('[data-mic]').click();
    await page.locator('[data-hearing="missing"]').getByText('reme model pull hearing').waitFor();
    expect(await page.locator('[data-replay]').count()).toBe(0);
    await page.locator('#answer').fill('smoked trout');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.choice') !== null);
    expect(inputs).toMatchObject([{ kind: 'text', value: 'smoked trout' }]);
  });

  test('lines are spoken where sound is on, hushed by what the person does, and the setting is kept', async () => {
    await withVoice(page, 'demo-en', 'en', { speak: true });
    const asked = sent(/speak$|voice$/);
    // As people come: from the first screen, by the big button. A browser lets sound out only after something was pressed.
    await page.goto('/p/demo-en');
    await page.locator('.start-button').click();
    await expect.poll(() => asked.filter((one) => one.startsWith('POST speak')).length, { timeout: 20_000 }).toBeGreaterThan(0);
    // A session that is taken up again begins with its last line.
    expect(asked[0]).toContain('It was windy');
    await page.locator('[data-sound="on"]').click();
    await page.locator('[data-sound="off"]').waitFor();
    expect(asked.at(-1)).toBe('PUT voice {"speak":false,"rate_percent":90}');
    await page.locator('[data-replay="quiet"]').waitFor();
  });
});
