/**
 * How the screens look on this device: language, theme and text size of the patient in hand, laid onto the document.
 * Colours and sizes go in through attributes and the CSSOM only: the companion's content policy allows no inline styles.
 */
import type { SettingsDto } from './dto.ts';
import { languageOf, speech, type Language } from './i18n.svelte.ts';

export const TEXT_PX_MIN = 18;
export const TEXT_PX_MAX = 36;
/** Text size before a patient is known. [design: above the 18 px that ELDER-UX asks for] */
const TEXT_PX_START = 20;
const REMEMBERED_LANGUAGE = 'reme-language';

const dark = matchMedia('(prefers-color-scheme: dark)');
const moreContrast = matchMedia('(prefers-contrast: more)');

class Screen {
  theme = $state('auto');
  textPx = $state(TEXT_PX_START);

  start(): void {
    let remembered: string | null = null;
    try {
      remembered = localStorage.getItem(REMEMBERED_LANGUAGE);
    } catch {
      // A browser may forbid storage; the browser's own language is used then.
    }
    this.speak(languageOf(remembered ?? navigator.language));
    for (const query of [dark, moreContrast]) query.addEventListener('change', () => this.draw());
    this.draw();
  }

  /** Switches the language, and remembers it for the screen before a patient is chosen. */
  speak(language: Language): void {
    speech.language = language;
    document.documentElement.lang = language;
    try {
      localStorage.setItem(REMEMBERED_LANGUAGE, language);
    } catch {
      // Not remembered; nothing else changes.
    }
  }

  use(settings: SettingsDto): void {
    this.theme = settings.theme;
    this.textPx = Math.min(TEXT_PX_MAX, Math.max(TEXT_PX_MIN, settings.text_px));
    this.speak(languageOf(settings.language));
    this.draw();
  }

  private draw(): void {
    const root = document.documentElement;
    const auto = moreContrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    root.dataset.theme = ['light', 'dark', 'contrast'].includes(this.theme) ? this.theme : auto;
    root.style.setProperty('--text', `${this.textPx}px`);
  }
}

export const screen = new Screen();
