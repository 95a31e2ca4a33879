/**
 * How the portal looks in this browser: language and colours, laid onto the document. Both are remembered here; the language
 * is also kept with the account, and the account's goes first.
 */
import { languageOf, speech, type Language } from '$shared/lib/i18n.svelte.ts';

export const THEMES = ['auto', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];
const LANGUAGE = 'reme-portal-language';
const THEME = 'reme-portal-theme';

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // A browser may forbid storage; the browser's own settings are used then.
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not remembered; nothing else changes.
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const moreContrast = matchMedia('(prefers-contrast: more)');

class Look {
  theme = $state<Theme>('auto');

  start(): void {
    this.speak(languageOf(remembered(LANGUAGE) ?? navigator.language));
    this.theme = THEMES.find((known) => known === remembered(THEME)) ?? 'auto';
    for (const query of [dark, moreContrast]) query.addEventListener('change', () => this.draw());
    this.draw();
  }

  speak(language: Language): void {
    speech.language = language;
    document.documentElement.lang = language;
    remember(LANGUAGE, language);
  }

  wear(theme: Theme): void {
    this.theme = theme;
    remember(THEME, theme);
    this.draw();
  }

  private draw(): void {
    const auto = moreContrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = this.theme === 'auto' ? auto : this.theme;
  }
}

export const look = new Look();
