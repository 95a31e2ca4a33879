/** Geometry of a trend: success rates with their band as SVG paths. Pure; sizes are in the units of the drawing. */
import type { PointDto } from './dto.ts';

export const WIDTH = 640;
export const HEIGHT = 260;
/** Room for the axis words. */
export const LEFT = 56;
export const RIGHT = 16;
export const TOP = 12;
export const BOTTOM = 36;

export interface Dot {
  x: number;
  y: number;
  point: PointDto;
}

export interface Trend {
  dots: Dot[];
  line: string;
  band: string;
}

/** Height of a share 0–1. */
export function yOf(share: number): number {
  const inside = Math.min(1, Math.max(0, share));
  return round(TOP + (1 - inside) * (HEIGHT - TOP - BOTTOM));
}

/** Sessions stand at equal distances: their order matters, and two on one day must not fall together. */
export function trendOf(points: PointDto[]): Trend {
  const span = WIDTH - LEFT - RIGHT;
  const xOf = (at: number): number => round(LEFT + (points.length === 1 ? span / 2 : 12 + (at * (span - 24)) / (points.length - 1)));
  const dots = points.map((point, at) => ({ x: xOf(at), y: yOf(point.success), point }));
  const only = dots[0];
  if (dots.length === 1 && only) {
    // One session has no course: its interval is a bar through the dot.
    const [low, high] = [yOf(only.point.low), yOf(only.point.high)];
    return { dots, line: '', band: `M${only.x - 14} ${high}H${only.x + 14}V${low}H${only.x - 14}Z` };
  }
  const line = dots.map((dot, at) => `${at === 0 ? 'M' : 'L'}${dot.x} ${dot.y}`).join('');
  const upper = dots.map((dot, at) => `${at === 0 ? 'M' : 'L'}${dot.x} ${yOf(dot.point.high)}`).join('');
  const lower = [...dots].reverse().map((dot) => `L${dot.x} ${yOf(dot.point.low)}`);
  return { dots, line, band: dots.length === 0 ? '' : `${upper}${lower.join('')}Z` };
}

/** Which points get a date below them: at most `most`, the first and the last among them. */
export function labelled(count: number, most = 5): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  const picked = Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
  return [...new Set(picked)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
