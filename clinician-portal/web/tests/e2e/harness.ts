/**
 * A browser and a portal to test in it: the built `reme-portal` (its path in PORTAL_BIN) with the demo clinic on a database of
 * its own. Each demo account logs in once; the session is then handed to every page that asks for it, since a one-time code is
 * good for one log-in.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Language } from '$shared/lib/i18n.svelte.ts';

const HERE = resolve(import.meta.dirname, '../..');

/** What the demo prints on its standard output; the same for every demo clinic. */
const PASSWORD = 'seven boats at the harbour';
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const ACCOUNTS = { clinician: 'clinician@demo.example', carer: 'carer@demo.example', admin: 'admin@demo.example' } as const;
export type Account = keyof typeof ACCOUNTS;

/** What the portal writes for scripts about its demo clinic. */
interface Demo {
  patients: { id: string; name: string; code: string }[];
}

export interface Portal {
  address: string;
  demo: Demo;
  close: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? found(address.port) : failed(new Error('no port'))));
    });
  });
}

/** Asks until a program answers at this address; gives up when its process ends. */
export async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode} before it answered`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((go) => setTimeout(go, 100));
  }
}

export async function openPortal(): Promise<Portal> {
  const binary = process.env.PORTAL_BIN;
  if (!binary) throw new Error('PORTAL_BIN must hold the path of the built reme-portal: cargo build -p reme-portal');
  const data = mkdtempSync(join(tmpdir(), 'reme-portal-e2e-'));
  const address = `http://127.0.0.1:${await freePort()}`;
  const demoFile = join(data, 'demo.json');
  const words = ['--demo', '--demo-file', demoFile, '--bind', address.slice('http://'.length), '--database', `sqlite:${join(data, 'portal.db')}`];
  const child = spawn(binary, [...words, '--web', join(HERE, 'dist')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, RUST_LOG: 'warn' },
  });
  const ended = new Promise<void>((go) => child.once('exit', () => go()));
  await untilReady(`${address}/readyz`, child);
  return {
    address,
    demo: JSON.parse(readFileSync(demoFile, 'utf8')) as Demo,
    close: async () => {
      child.kill('SIGINT');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** The code of a moment (RFC 6238), `steps` half minutes away; the portal takes one step of difference. */
export function totp(secret: string, now_ms: number, steps = 0): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now_ms / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** Types the three things and sends them; what the page then shows is the caller's business. */
export async function typeLogIn(page: Page, account: Account, code: string): Promise<void> {
  const email = page.locator('#email');
  if (await email.isEditable()) await email.fill(ACCOUNTS[account]);
  await page.fill('#password', PASSWORD);
  await page.fill('#code', code);
  await page.click('[data-log-in]');
}

export const codeNow = (steps = 0): string => totp(TOTP_SECRET, Date.now(), steps);

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** Errors of the page's scripts and content policy; a test expects none. */
  faults: string[];
}

export async function openContext(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ baseURL: address, locale: 'en-GB', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', viewport: { width: 1440, height: 900 }, ...options });
}

export async function openPage(context: BrowserContext): Promise<Opened> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // A refused request is an answer of the portal's that the page shows; the browser logs it all the same.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  return { page, context, faults };
}

/**
 * The demo accounts, each logged in at its first use and then kept in one browser context: the portal changes a session's
 * token every few minutes, and a copy of an older one would end the session.
 */
export class People {
  private readonly contexts = new Map<Account, BrowserContext>();
  private readonly browser: Browser;
  private readonly address: string;

  constructor(browser: Browser, address: string) {
    this.browser = browser;
    this.address = address;
  }

  /** A new page of somebody who is logged in and reads this language. */
  async page(account: Account, language: Language): Promise<Opened> {
    let context = this.contexts.get(account);
    if (!context) {
      context = await openContext(this.browser, this.address, { permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = await openPage(context);
      await page.goto('/');
      await typeLogIn(page, account, codeNow());
      await page.locator('[data-log-out]').waitFor();
      await page.close();
      this.contexts.set(account, context);
    }
    const opened = await openPage(context);
    // The language stands with the account: most pages find it as they want it.
    const me = (await (await context.request.get('/api/me')).json()) as { language?: string };
    if (me.language === language) return opened;
    await opened.page.goto('/account');
    await opened.page.locator('#my-language').selectOption(language);
    await opened.page.locator(`html[lang="${language}"]`).waitFor();
    return opened;
  }
}
