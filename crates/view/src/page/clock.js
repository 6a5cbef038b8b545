// Lets the time of a run go on.

/** Where nothing happens for longer than this, in microseconds, the time goes on at once. */
const EMPTY = 1_000_000;

export class Clock {
  /** `next` says when something happens behind a time, or null at the end; `tick` is told each time. */
  constructor(next, tick, onStop) {
    Object.assign(this, { next, tick, onStop, isRunning: false, slowness: 30 });
  }

  start(time) {
    this.isRunning = true;
    this.time = time;
    this.last = null;
    requestAnimationFrame((now) => this.frame(now));
  }

  stop() {
    this.isRunning = false;
    this.onStop();
  }

  frame(now) {
    if (!this.isRunning) return;
    const passed = this.last === null ? 0 : Math.min(now - this.last, 100);
    this.last = now;
    const next = this.next(this.time);
    if (next === null) {
      this.stop();
      return;
    }
    this.time += (passed * 1000) / this.slowness;
    if (next - this.time > EMPTY) this.time = next - EMPTY / 20;
    this.tick(this.time);
    requestAnimationFrame((later) => this.frame(later));
  }
}
