/** A patient who plays what the screen shows: reads the bubbles, answers by typing and tapping, asks for hints. */
import type { Locator, Page } from 'playwright-core';

export interface Seen {
  game: string;
  /** The newest bubble of ReMe's. */
  said: string;
  isNumber: boolean;
  isChoice: boolean;
  hasStimulus: boolean;
}

export class Player {
  readonly page: Page;
  /** The last number answered in a serial subtraction. */
  private number = 0;

  constructor(page: Page) {
    this.page = page;
  }

  private newest(): Locator {
    return this.page.locator('.conversation [data-newest] .bubble p');
  }

  /** Waits until the screen stands still: nothing on its way, and the stimulus, if one comes, is there. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(
      () =>
        !location.pathname.endsWith('/session') ||
        (document.querySelector('[data-action="stop"]') !== null &&
          document.querySelector('.thinking') === null &&
          document.querySelector('[data-stimulus="fixation"]') === null),
    );
  }

  /** `null` when the session is over. */
  async look(): Promise<Seen | null> {
    await this.settled();
    if (!this.page.url().endsWith('/session')) return null;
    return {
      game: await this.page.locator('.steps strong').innerText(),
      said: await this.newest().innerText(),
      isNumber: (await this.page.locator('.keypad').count()) > 0,
      isChoice: (await this.page.locator('.choice').count()) > 0,
      hasStimulus: (await this.page.locator('[data-stimulus]').count()) > 0,
    };
  }

  /** Does something that sends an input, and waits for the companion's answer to it. */
  async turn(act: () => Promise<void>): Promise<void> {
    const answered = this.page.waitForResponse((response) => response.url().endsWith('/session/input'));
    await act();
    const response = await answered;
    if (!response.ok()) throw new Error(`input refused: ${response.status()} ${await response.text()}`);
    await this.settled();
  }

  write = (words: string): Promise<void> =>
    this.turn(async () => {
      const hidden = this.page.locator('.write');
      if ((await hidden.count()) > 0) await hidden.click();
      await this.page.locator('#answer').fill(words);
      await this.page.keyboard.press('Enter');
    });

  press = (action: 'hint' | 'repeat' | 'skip'): Promise<void> => this.turn(() => this.page.locator(`[data-action="${action}"]`).click());

  /** Taps the digits and sends. */
  tapNumber = (value: number): Promise<void> =>
    this.turn(async () => {
      for (const digit of String(value)) await this.page.locator(`[data-key="${digit}"]`).click();
      await this.page.locator('form button[type="submit"]').click();
    });

  /** Taps the choice whose swatch has the ink of the word. */
  ink = (): Promise<void> =>
    this.turn(async () => {
      const ink = await this.page.locator('[data-stimulus="colour-word"]').evaluate((word) => getComputedStyle(word).color);
      const colours = await this.page.locator('.choice .swatch').evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor));
      const at = colours.indexOf(ink);
      if (at < 0) throw new Error(`no choice has the ink ${ink}: ${colours.join(' ')}`);
      await this.page.locator('.choice').nth(at).click();
    });

  /** The result of what the bubble (and the sum on the screen) asks, in either language. */
  async sum(said: string): Promise<number> {
    const numbers = [...said.matchAll(/\d+/g)].map(Number);
    if (/再减|now take|take away .* again|and .* less/i.test(said) && numbers.length === 1) this.number -= numbers[0] ?? 0;
    else if (/减|minus|take away|from/i.test(said) && numbers.length >= 2) {
      const [a = 0, b = 0] = numbers;
      this.number = Math.abs(a - b);
    } else if (/付了|hand over|pay|paid|note/i.test(said)) {
      const note = numbers.at(-1) ?? 0;
      this.number = note - numbers.slice(0, -1).reduce((a, b) => a + b, 0);
    } else this.number = numbers.reduce((a, b) => a + b, 0);
    return this.number;
  }
}
