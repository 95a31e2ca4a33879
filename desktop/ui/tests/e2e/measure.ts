/**
 * The measuring script of ELDER-UX.md: looks at every visible text and control of the page it runs in and tells each that
 * breaks a number. It is serialised into the page, so it may use nothing from outside its own body.
 */

/** The numbers of one area. Sizes in CSS px, contrasts as ratios. */
export interface Numbers {
  fontPx: number;
  lineHeight: number;
  /** Widest line of running text, in em: 40 Chinese characters or some 80 Latin ones. */
  measureEm: number;
  contrast: number;
  contrastLarge: number;
  edgeContrast: number;
  mainPx: number;
  otherPx: number;
  gapPx: number;
  mainChoices: number;
}

/** ELDER-UX.md, column "number". */
export const ELDER: Numbers = {
  fontPx: 18,
  lineHeight: 1.5,
  measureEm: 40,
  contrast: 7,
  contrastLarge: 4.5,
  edgeContrast: 3,
  mainPx: 60,
  otherPx: 44,
  gapPx: 8,
  mainChoices: 5,
};

/** Carers: WCAG 2.2 AA for contrast; target size and line height as for elders, since many carers are old themselves. */
export const CARER: Numbers = {
  ...ELDER,
  fontPx: 16,
  contrast: 4.5,
  contrastLarge: 3,
  measureEm: 200,
  mainPx: 44,
  gapPx: 0,
  mainChoices: 99,
};

export interface Measured {
  faults: string[];
  /** Left, top, width, height of the help button. */
  help: number[] | null;
  /** The same of the four actions of a session. */
  actions: number[] | null;
  texts: number;
  controls: number;
}

export function measure(numbers: Numbers): Measured {
  const faults: string[] = [];
  type Rgba = [number, number, number, number];
  const root: Element = document.querySelector('dialog[open]') ?? document.body;

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colours = new Map<string, Rgba>();
  const parse = (css: string): Rgba => {
    const known = colours.get(css);
    if (known) return known;
    if (!canvas) throw new Error('no canvas to read colours with');
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    const colour: Rgba = [r, g, b, a / 255];
    colours.set(css, colour);
    return colour;
  };
  const over = (top: Rgba, below: Rgba): Rgba => {
    const mix = (at: 0 | 1 | 2): number => top[at] * top[3] + below[at] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const behind = (element: Element | null): Rgba => {
    const layers: Rgba[] = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce<Rgba>((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = (colour: Rgba): number => {
    const part = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2]);
  };
  const ratio = (a: Rgba, b: Rgba): number => {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  const isSeen = (element: Element): boolean => {
    if (element.closest('.unseen, [hidden], svg[aria-hidden="true"]')) return false;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const nameOf = (element: Element): string => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}> "${words}"`;
  };

  const checkText = (element: Element, style: CSSStyleDeclaration, what: string): void => {
    const scale = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < numbers.fontPx - 0.05) faults.push(`font ${size.toFixed(1)} px: ${what}`);
    const isSvg = element instanceof SVGElement;
    const lineHeight = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    if (!isSvg && !(lineHeight >= numbers.lineHeight - 0.01)) faults.push(`line height ${style.lineHeight}: ${what}`);
    if (element.closest('[data-stimulus]')) return;
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const wanted = isLarge ? numbers.contrastLarge : numbers.contrast;
    const ground = behind(element);
    const found = ratio(over(parse(isSvg ? style.fill : style.color), ground), ground);
    if (found < wanted - 0.005) faults.push(`contrast ${found.toFixed(2)} of ${wanted}: ${what}`);
  };

  let texts = 0;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const measured = new Set<Element>();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.nodeValue?.trim() || measured.has(element) || ['SCRIPT', 'STYLE', 'OPTION'].includes(element.tagName)) continue;
    if (!isSeen(element)) continue;
    measured.add(element);
    texts += 1;
    const style = getComputedStyle(element);
    checkText(element, style, nameOf(element));
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
    const width = range.getBoundingClientRect().width / parseFloat(style.fontSize);
    if (lines > 1 && width > numbers.measureEm + 0.5) faults.push(`line of ${width.toFixed(0)} em: ${nameOf(element)}`);
  }

  type Box = { element: Element; left: number; top: number; right: number; bottom: number; layer: Element | null };
  const boxes: Box[] = [];
  const selector = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="link"]';
  for (const element of root.querySelectorAll(selector)) {
    if (!isSeen(element) || element.getAttribute('tabindex') === '-1') continue;
    const style = getComputedStyle(element);
    const isTick = element instanceof HTMLInputElement && ['radio', 'checkbox'].includes(element.type);
    const target = (isTick ? element.closest('label') : element.matches('[data-covers]') ? element.closest('[data-target]') : element) ?? element;
    const box = target.getBoundingClientRect();
    const isMain = element.matches('[data-main], .button.main');
    const least = isMain ? numbers.mainPx : numbers.otherPx;
    if (box.width < least - 0.5 || box.height < least - 0.5) {
      faults.push(`target ${box.width.toFixed(0)}×${box.height.toFixed(0)} of ${least}: ${nameOf(element)}`);
    }
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (!isTick) {
        checkText(element, style, nameOf(element));
        const hint = getComputedStyle(element, '::placeholder');
        const ground = behind(element);
        const found = ratio(over(parse(hint.color), ground), ground);
        if ('placeholder' in element && element.placeholder !== '' && found < numbers.contrast - 0.005) {
          faults.push(`placeholder contrast ${found.toFixed(2)}: ${nameOf(element)}`);
        }
      }
    }
    const around = behind(element.parentElement);
    const edge = over(parse(style.borderTopColor), around);
    const hasEdge = parseFloat(style.borderTopWidth) > 0 && parse(style.borderTopColor)[3] > 0;
    const isQuiet = parse(style.borderTopColor)[3] === 0 || parseFloat(style.borderTopWidth) === 0;
    if (!isTick && hasEdge && !isQuiet && !element.closest('.sheet a[data-target]')) {
      const found = Math.max(ratio(edge, around), ratio(behind(element), around));
      if (found < numbers.edgeContrast - 0.005) faults.push(`edge contrast ${found.toFixed(2)}: ${nameOf(element)}`);
    }
    let layer: Element | null = null;
    for (let at: Element | null = target; at && !layer; at = at.parentElement) {
      if (['sticky', 'fixed'].includes(getComputedStyle(at).position)) layer = at;
    }
    boxes.push({ element, left: box.left, top: box.top, right: box.right, bottom: box.bottom, layer });
  }
  boxes.forEach((a, at) => {
    for (const b of boxes.slice(at + 1)) {
      if (a.layer !== b.layer || a.element.contains(b.element) || (a.element.matches('[data-covers]') && a.element.closest('[data-target]')?.contains(b.element))) continue;
      const across = Math.max(a.left, b.left) - Math.min(a.right, b.right);
      const down = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
      const gap = Math.max(across, down);
      if (gap < numbers.gapPx - 0.5) faults.push(`${gap.toFixed(1)} px between ${nameOf(a.element)} and ${nameOf(b.element)}`);
    }
  });

  const choices = [...root.querySelectorAll('[data-main]')].filter(isSeen).length;
  if (choices > numbers.mainChoices) faults.push(`${choices} main choices`);

  const page = document.scrollingElement ?? document.documentElement;
  if (page.scrollWidth > innerWidth) {
    const widest = [...root.querySelectorAll('*')].filter((element) => isSeen(element) && element.getBoundingClientRect().right > innerWidth + 1).at(-1);
    faults.push(`the page is ${page.scrollWidth} px wide in a window of ${innerWidth}: ${widest ? nameOf(widest) : '?'}`);
  }
  for (const element of root.querySelectorAll('*')) {
    if (!(element instanceof HTMLElement) || element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue;
    const style = getComputedStyle(element);
    if (style.display === 'inline' || element.closest('.unseen') || !isSeen(element)) continue;
    if (['INPUT', 'SELECT'].includes(element.tagName)) continue;
    if (style.overflowX !== 'visible') faults.push(`${element.scrollWidth} px in ${element.clientWidth}: ${nameOf(element)}`);
  }
  if (document.getAnimations().length > 0) faults.push('something moves by itself');

  const placeOf = (element: Element | null): number[] | null => {
    const box = element?.getBoundingClientRect();
    return box ? [box.left, box.top, box.width, box.height].map(Math.round) : null;
  };
  const button = document.querySelector('[data-help]');
  const at = button?.getBoundingClientRect();
  if (!at || at.right > innerWidth || at.left < 0) faults.push('help is not on the screen');
  return { faults, help: placeOf(button), actions: placeOf(document.querySelector('.actions')), texts, controls: boxes.length };
}
