/** Theme, text size and room on the page: turns settings into attributes of <html>. */
import type { SettingsDto } from './dto';
import { lang, setLang } from './i18n/index.svelte';

/** Body text in px before a person has chosen (ELDER-UX: at least 18). */
const DEFAULT_TEXT_PX = 20;
/** Carer pages are denser: WCAG AA, professionals. Share of the patient's text size, never under 16 px. */
const CARER_SHARE = 0.8;
const CARER_MIN_PX = 16;
/** Below this many lines of text the docks leave the screen's edge and scroll with the page. */
const TIGHT_HEIGHT_REM = 29;
const TIGHT_WIDTH_REM = 15;

export const look = $state<{ settings: SettingsDto; side: 'patient' | 'carer' }>({
  settings: { language: 'en', theme: 'auto', text_px: DEFAULT_TEXT_PX },
  side: 'patient',
});

export function setLook(settings: SettingsDto): void {
  look.settings = settings;
  setLang(settings.language);
  applyLook();
}

/** Keeps the language in step when there is no patient yet. */
export function setLookLanguage(language: string): void {
  setLang(language);
  look.settings = { ...look.settings, language: lang() };
}

export function setSide(side: 'patient' | 'carer'): void {
  look.side = side;
  applyLook();
}

export function applyLook(): void {
  const root = document.documentElement;
  const { theme, text_px } = look.settings;
  const px = look.side === 'patient' ? text_px : Math.max(CARER_MIN_PX, text_px * CARER_SHARE);
  root.dataset.theme = theme;
  root.dataset.side = look.side;
  root.style.setProperty('--text-px', `${px}px`);
  measureRoom();
}

/** Says `tight` when few lines fit, whatever the reason: small window, large text or zoom. */
export function measureRoom(): void {
  const root = document.documentElement;
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const tight = innerHeight / rem < TIGHT_HEIGHT_REM || innerWidth / rem < TIGHT_WIDTH_REM;
  root.dataset.room = tight ? 'tight' : 'wide';
}
