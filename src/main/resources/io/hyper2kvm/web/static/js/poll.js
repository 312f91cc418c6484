// What the page watches, asked for again and again.
import { read } from './api.js';

const STALE_AFTER = 12000;
const LONGEST_PAUSE = 30000;

/** The resources that the page shows now, each with the age of what is known of it. */
export class Watched {
  /** @param changed is called when something new is known of one, or an attempt failed */
  constructor(changed) {
    this.changed = changed;
    this.all = new Map();
    this.offset = 0;
    document.addEventListener('visibilitychange', () => this.wake());
    window.addEventListener('online', () => this.wake());
  }

  /**
   * Watches these and no others.
   *
   * @param wanted each path with its pause in milliseconds; 0 for what never changes
   */
  watch(wanted) {
    const paths = new Map(wanted.map(({ path, every }) => [path, every]));
    for (const [path, one] of this.all) {
      if (!paths.has(path)) {
        clearTimeout(one.timer);
        this.all.delete(path);
      }
    }
    for (const [path, every] of paths) {
      const known = this.all.get(path);
      if (known) {
        known.every = every;
      } else {
        const one = { path, every, failures: 0 };
        this.all.set(path, one);
        this.ask(one);
      }
    }
  }

  /** A resource has another path now; what is known of it stays. */
  moved(from, to) {
    const one = this.all.get(from);
    if (one && !this.all.has(to)) {
      this.all.delete(from);
      one.path = to;
      one.etag = undefined;
      this.all.set(to, one);
      this.refresh(to);
    }
  }

  /** What is known of one: `value`, `seen`, `error`. */
  of(path) {
    return this.all.get(path) ?? {};
  }

  /** The daemon's time when this was last known to be so, in milliseconds. */
  timeOf(path) {
    return (this.all.get(path)?.seen ?? Date.now()) + this.offset;
  }

  /** Asks for one again, now. */
  refresh(path) {
    const one = this.all.get(path);
    if (one) {
      clearTimeout(one.timer);
      this.ask(one);
    }
  }

  wake() {
    if (!document.hidden) {
      this.all.forEach((one) => (one.every || one.error) && this.refresh(one.path));
    }
    this.changed();
  }

  async ask(one) {
    if (one.asking) {
      return;
    }
    one.asking = true;
    const asked = Date.now();
    try {
      const answer = await read(one.path, one.value === undefined ? undefined : one.etag);
      if (!answer.same) {
        one.value = answer.value;
        one.etag = answer.etag;
      }
      if (Number.isFinite(answer.time)) {
        this.setClock(answer.time, asked);
      }
      one.seen = asked;
      one.error = undefined;
      one.failures = 0;
    } catch (error) {
      one.error = error;
      one.failures += 1;
      one.failingSince ??= asked;
    }
    if (!one.error) {
      one.failingSince = undefined;
    }
    one.asking = false;
    if (this.all.get(one.path) !== one) {
      return;
    }
    if (one.every || one.error) {
      one.timer = setTimeout(() => this.ask(one), this.pause(one));
    }
    this.changed();
  }

  pause(one) {
    const usual = one.every || 2000;
    if (document.hidden) {
      return LONGEST_PAUSE;
    }
    return Math.min(LONGEST_PAUSE, usual * 2 ** Math.min(5, one.failures));
  }

  // The header has whole seconds, rounded down: a difference below two of them says nothing.
  setClock(daemon, here) {
    const offset = daemon + 500 - here;
    if (Math.abs(offset - this.offset) > 2000) {
      this.offset = Math.abs(offset) > 2000 ? offset : 0;
    }
  }

  /** Whether something shown may be out of date: since when, and whether an attempt failed. */
  staleness() {
    const now = Date.now();
    let stale;
    for (const one of this.all.values()) {
      const unreached = one.error && (one.error.status === 0 || one.error.status >= 500);
      const old = one.every && one.seen && now - one.seen > Math.max(STALE_AFTER, 3 * one.every);
      if (unreached || old) {
        const seen = one.seen ?? 0;
        if (!stale || seen < stale.seen) {
          stale = { seen, failed: Boolean(unreached), error: one.error, since: one.failingSince };
        }
      }
    }
    return stale;
  }
}
