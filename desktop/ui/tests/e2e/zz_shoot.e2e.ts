import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser, openCompanion, openPage } from '/work/wt/screens/desktop/ui/tests/e2e/harness.ts';
import { LOOKS } from '/work/wt/screens/desktop/ui/tests/e2e/screens.ts';
const out = '/work/tmp/screens/shots';
mkdirSync(out, { recursive: true });
const want = new RegExp(process.env.WANT ?? '.');
const sizes = (process.env.SIZES ?? '412x915-light-20,1440x900-dark-20').split(',');
let companion: any, browser: any;
beforeAll(async () => { companion = await openCompanion(); browser = await openBrowser(); });
afterAll(async () => { await browser?.close(); await companion?.close(); });
const langs = (process.env.LANGS ?? 'en').split(',');
for (const look of LOOKS.filter((l) => want.test(l.name))) for (const language of langs as any[]) test(`${look.name} ${language}`, async () => {
  const { page, context, faults } = await openPage(browser, companion.address, { locale: language === 'en' ? 'en-GB' : 'zh-CN', viewport: { width: 1440, height: 900 } });
  try {
    await look.open(page, language === 'en' ? 'demo-en' : 'demo-zh', language);
    for (const size of sizes) {
      const [wh, theme, px] = size.split('-') as [string, string, string]; const [w, h] = wh.split('x').map(Number);
      await page.setViewportSize({ width: w!, height: h! });
      await page.evaluate(([t, p]) => { document.documentElement.dataset.theme = t!; document.documentElement.style.setProperty('--text', p + 'px'); scrollTo(0,0); return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))); }, [theme, px]);
      await page.screenshot({ path: `${out}/${look.name}-${language}-${size}.png`, fullPage: look.area === 'carer' || /ask|add/.test(look.name) });
    }
    if (faults.length) console.log(look.name, faults);
  } catch (e) { await page.screenshot({ path: `${out}/FAILED-${look.name}.png` }); throw e; } finally { await context.close(); }
});
