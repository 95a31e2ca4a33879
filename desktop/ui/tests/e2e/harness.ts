/**
 * A browser and a companion to test in it. With `REME_BIN` (the built `reme`) the real companion is started on a fresh data
 * folder; without it the built screens are served with the stub, which is enough for how they look and are operated.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { preview } from 'vite';

const HERE = resolve(import.meta.dirname, '../..');
const ROOT = resolve(HERE, '../..');
const REME = process.env.REME_BIN;

/** Whether tests play against the real companion. */
export const isReal = REME !== undefined && REME !== '';

export interface Companion {
  address: string;
  close: () => Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? found(address.port) : failed(new Error('no port'))));
    });
  });
}

/** Asks until the companion answers; gives up when its process ends. */
async function untilAnswering(address: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`reme ended with ${child.exitCode} before it answered`);
    try {
      if ((await fetch(`${address}/api/health`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((go) => setTimeout(go, 100));
  }
}

export async function openCompanion(options: { demo?: boolean; data?: string; port?: number } = {}): Promise<Companion> {
  if (!isReal) {
    const server = await preview({ root: HERE, logLevel: 'error', preview: { port: 0, strictPort: false, host: '127.0.0.1' } });
    const address = server.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
    return { address, close: () => server.close() };
  }
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'reme-e2e-'));
  const port = options.port ?? (await freePort());
  const words = ['serve', '--data', data, '--port', String(port), '--model', 'none', '--ui', join(HERE, 'dist')];
  words.push('--templates', join(ROOT, 'game-templates'));
  if (options.demo !== false && existsSync(join(ROOT, 'assets/demo'))) words.push('--demo', join(ROOT, 'assets/demo'));
  // Keys lie in a file inside the data folder: a test never touches the keyring of the person who runs it.
  const child = spawn(REME ?? '', words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, REME_KEYS: 'file' } });
  const ended = new Promise<void>((go) => child.once('exit', () => go()));
  const address = `http://127.0.0.1:${port}`;
  await untilAnswering(address, child);
  return {
    address,
    close: async () => {
      child.kill('SIGINT');
      await ended;
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** `sound` is a WAV file that the microphone hears once. */
export async function openBrowser(sound?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A microphone that is none: allowed without asking, and it gives a beep, or the file the caller names.
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(sound === undefined ? [] : [`--use-file-for-fake-audio-capture=${sound}%noloop`]),
    ],
  });
}

/** A page whose console errors and failed scripts fail the test that asks for `faults`. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  const context = await browser.newContext({ baseURL: address, locale: 'en-GB', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // A refused request is an answer of the companion's that the screen shows; the browser logs it all the same.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  return { page, context, faults };
}
