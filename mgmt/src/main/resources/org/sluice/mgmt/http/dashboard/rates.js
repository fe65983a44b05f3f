/* Turns counters that only grow into what happens each second. */

export class Rates {
  constructor() {
    this.before = new Map();
  }

  /**
   * @param at milliseconds
   * @returns a second since the last reading; null at the first one, and when the gateway was started anew
   */
  of(name, value, at) {
    const last = this.before.get(name);
    this.before.set(name, { value, at });
    return !last || value < last.value || at <= last.at ? null : (value - last.value) * 1000 / (at - last.at);
  }
}
