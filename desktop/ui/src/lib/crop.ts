/** Which part of a photo is shown around a region. Pure; all in fractions of the photo's width and height. */
import type { RegionDto } from './dto.ts';

/** What is left around a face on each side, as a share of its longer side. [design] */
const AROUND = 0.35;
/** The same around written text. [design] */
const AROUND_TEXT = 0.06;

/** The part, and the ratio of its width to its height on the screen. `ratio` is that of the photo. */
export function framed(region: RegionDto, ratio: number, shape: 'square' | 'own'): RegionDto & { ratio: number } {
  // In units of the photo's height, so that both directions measure alike.
  const wide = region.width * ratio;
  const high = region.height;
  const around = (shape === 'square' ? AROUND : AROUND_TEXT) * Math.max(wide, high);
  let [width, height] = [wide + 2 * around, high + 2 * around];
  if (shape === 'square') width = height = Math.max(width, height);
  width = Math.min(width, ratio);
  height = Math.min(height, 1);
  if (shape === 'square') width = height = Math.min(width, height);
  const within = (middle: number, size: number, whole: number): number => Math.min(Math.max(0, middle - size / 2), whole - size);
  const x = within((region.x + region.width / 2) * ratio, width, ratio);
  const y = within(region.y + region.height / 2, height, 1);
  return { x: x / ratio, y, width: width / ratio, height, ratio: width / height };
}
