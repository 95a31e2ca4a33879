/**
 * Takes the pictures of README.md from the real companion with its demo people, into docs/pictures/. Needs the built screens
 * (`npm run build`), and in REME_BIN the built `reme`:
 *
 *     REME_BIN=../../target/debug/reme npm run pictures
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const ui = resolve(import.meta.dirname, '..');
const root = resolve(ui, '../..');
const target = join(root, 'docs/pictures');
/** More hints than any question has. */
const HINTS_AT_MOST = 60;

const reme = process.env.REME_BIN;
if (!reme) throw new Error('REME_BIN is not set: give the path of the built `reme`; no picture was taken');

const port = await new Promise((found) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => found(free));
  });
});
const data = mkdtempSync(join(tmpdir(), 'reme-pictures-'));
const places = ['--ui', join(ui, 'dist'), '--templates', join(root, 'game-templates'), '--demo', join(root, 'assets/demo')];
const companion = spawn(reme, ['serve', '--data', data, '--port', String(port), '--model', 'none', ...places], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, REME_KEYS: 'file' },
});
const ended = new Promise((go) => companion.once('exit', go));
const address = `http://127.0.0.1:${port}`;

async function untilAnswering() {
  for (;;) {
    if (companion.exitCode !== null) throw new Error(`reme ended with ${companion.exitCode} before it answered`);
    try {
      if ((await fetch(`${address}/api/health`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((go) => setTimeout(go, 100));
  }
}

async function picture(browser, name, options, steps) {
  const context = await browser.newContext({ baseURL: address, deviceScaleFactor: 1, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await steps(page);
  // Not until the network is idle: where a voice is installed the line may still be on its way.
  await page.evaluate(() => document.fonts.ready);
  // Images further down load only when somebody scrolls there.
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > window.innerHeight),
  );
  await page.screenshot({ path: join(target, `${name}.png`) });
  await context.close();
  console.log(`docs/pictures/${name}.png`);
}

/** Plays on until a photo stands beside the conversation: the example's question is left, then hints are asked for. */
async function untilPhoto(page, isPhoto) {
  for (let turn = 0; turn < HINTS_AT_MOST; turn += 1) {
    if (await page.locator(isPhoto).count()) return;
    const canHint = (await page.locator('[data-action="hint"]').getAttribute('aria-disabled')) !== 'true';
    const answered = page.waitForResponse((response) => response.url().endsWith('/session/input'));
    await page.locator(`[data-action="${canHint ? 'hint' : 'skip'}"]`).click();
    await answered;
    await page.waitForFunction(() => document.querySelector('.thinking') === null);
  }
  throw new Error('this session asked about a memory without a photo; take the pictures again, the next session asks about another');
}

const wide = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 412, height: 892 } };

mkdirSync(target, { recursive: true });
await untilAnswering();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  await picture(browser, 'home', { ...phone, locale: 'zh-CN' }, async (page) => {
    await page.goto('/p/demo-zh');
    await page.locator('.start-button').waitFor();
  });
  await picture(browser, 'session', { ...wide, locale: 'zh-CN' }, async (page) => {
    await page.goto('/p/demo-zh/session');
    await page.locator('[data-action="stop"]').waitFor();
    await untilPhoto(page, '.side img');
    await page.waitForFunction(() => [...document.querySelectorAll('.side img')].every((image) => image.naturalWidth > 0));
  });
  await picture(browser, 'memories', { ...wide, locale: 'en-GB' }, async (page) => {
    await page.goto('/c/demo-en/memories');
    await page.locator('[data-memory] img').first().waitFor();
  });
  await picture(browser, 'ask', { ...phone, viewport: { width: 412, height: 1180 }, locale: 'en-GB' }, async (page) => {
    await page.goto('/p/demo-en/ask');
    await page.locator('#question').fill('Where did I go with the boat?');
    await page.locator('form[role="search"] .main').click();
    await page.locator('[data-outcome]').waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.card img')].every((image) => image.naturalWidth > 0));
  });
  await picture(browser, 'memory', { ...wide, locale: 'en-GB' }, async (page) => {
    await page.goto('/c/demo-en/memories');
    await page.locator('[data-memory]:has(img) a').first().click();
    await page.locator('[data-fact]').first().waitFor();
  });
} finally {
  await browser.close();
  companion.kill('SIGINT');
  await ended;
  rmSync(data, { recursive: true, force: true });
}
