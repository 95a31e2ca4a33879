/** Geometry of a trend: success rates with their band as SVG paths. Pure; sizes are in px. */
import type { PointDto } from './dto.ts';

/** The drawing in px, with room for the axis words. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A frame of this size whose letters are `em` px: drawn at its true size, so that letters keep theirs. */
export function frameOf(width: number, height: number, em: number): Frame {
  return { width, height, left: 3.5 * em, right: em, top: 0.75 * em, bottom: 2.2 * em };
}

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
export function yOf(share: number, frame: Frame): number {
  const inside = Math.min(1, Math.max(0, share));
  return round(frame.top + (1 - inside) * (frame.height - frame.top - frame.bottom));
}

/** Sessions stand at equal distances: their order matters, and two on one day must not fall together. */
export function trendOf(points: PointDto[], frame: Frame): Trend {
  const span = frame.width - frame.left - frame.right;
  const xOf = (at: number): number => round(frame.left + (points.length === 1 ? span / 2 : 12 + (at * (span - 24)) / (points.length - 1)));
  const dots = points.map((point, at) => ({ x: xOf(at), y: yOf(point.success, frame), point }));
  const only = dots[0];
  if (dots.length === 1 && only) {
    // One session has no course: its interval is a bar through the dot.
    const [low, high] = [yOf(only.point.low, frame), yOf(only.point.high, frame)];
    return { dots, line: '', band: `M${only.x - 14} ${high}H${only.x + 14}V${low}H${only.x - 14}Z` };
  }
  const line = dots.map((dot, at) => `${at === 0 ? 'M' : 'L'}${dot.x} ${dot.y}`).join('');
  const upper = dots.map((dot, at) => `${at === 0 ? 'M' : 'L'}${dot.x} ${yOf(dot.point.high, frame)}`).join('');
  const lower = [...dots].reverse().map((dot) => `L${dot.x} ${yOf(dot.point.low, frame)}`);
  return { dots, line, band: dots.length === 0 ? '' : `${upper}${lower.join('')}Z` };
}

/** Which points get a date below them: at most `most`, the first and the last among them. */
export function labelled(count: number, most: number): number[] {
  if (most < 2) return count === 0 ? [] : [count - 1];
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  const picked = Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
  return [...new Set(picked)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
