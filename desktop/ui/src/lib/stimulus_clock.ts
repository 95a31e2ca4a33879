/**
 * Measures `rt_ms`: from the frame in which a question or stimulus is painted to the input event. Both times are on the
 * page's own monotonic clock, so a change of the wall clock cannot bend them.
 */

/** Longer than this says the person was away, not slow; 10 minutes. [design] */
const LONGEST_MS = 600_000;

export class StimulusClock {
  private paintedAt: number | null = null;
  private frame = 0;
  private spoiled = false;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.spoiled = true;
    });
  }

  /** Call right after the document was changed: the next frame is the one that shows it. */
  shown(): void {
    this.forget();
    this.frame = requestAnimationFrame((time) => {
      this.paintedAt = time;
    });
  }

  /** No reading until something is shown again: after a resume it is unknown how long the question has been seen. */
  forget(): void {
    cancelAnimationFrame(this.frame);
    this.paintedAt = null;
    this.spoiled = document.hidden;
  }

  /** Whole milliseconds up to `event`; `null` when nothing was painted or the page was hidden meanwhile. */
  read(event: Event): number | null {
    if (this.paintedAt === null || this.spoiled) return null;
    const elapsed = Math.round(event.timeStamp - this.paintedAt);
    return elapsed >= 0 && elapsed <= LONGEST_MS ? elapsed : null;
  }
}
