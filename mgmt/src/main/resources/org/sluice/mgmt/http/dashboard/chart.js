/* A small chart of what came in and what went out over the last minutes. */
import { element, svg, say } from './dom.js';

const WIDTH = 300;
const HEIGHT = 80;
const WINDOW_MS = 300_000;
/** Longer without an answer, and the line is broken there. */
const GAP_MS = 7_000;

/** The next of 1, 2, 5, 10, 20 … so that the scale does not jump at every reading. */
function ceiling(value) {
  if (!(value > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value);
}

export class Chart {
  constructor(title, format) {
    this.title = title;
    this.format = format;
    this.samples = [];
    this.area = svg('path', { class: 'area' });
    this.rx = svg('path', { class: 'rx' });
    this.tx = svg('path', { class: 'tx' });
    this.picture = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
      svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2 }), this.area, this.rx, this.tx);
    this.rxNow = element('span', { class: 'in' });
    this.txNow = element('span', { class: 'out' });
    this.top = element('span');
    this.node = element('figure', {},
      element('figcaption', {}, element('b', {}, title), this.rxNow, this.txNow), this.picture,
      element('div', { class: 'axis' }, element('span', {}, '5 min ago'), this.top, element('span', {}, 'now')));
  }

  /** @param at milliseconds. @param rx a second, null when not known */
  add(at, rx, tx) {
    this.samples = this.samples.filter((sample) => sample.at > at - WINDOW_MS);
    this.samples.push({ at, rx, tx });
    this.draw(at);
  }

  draw(now) {
    const top = ceiling(Math.max(...this.samples.flatMap((sample) => [sample.rx ?? 0, sample.tx ?? 0])));
    const x = (sample) => ((sample.at - now + WINDOW_MS) / WINDOW_MS * WIDTH).toFixed(1);
    const y = (value) => (HEIGHT - value / top * (HEIGHT - 4)).toFixed(1);
    const runs = this.runs();
    const line = (which) => runs.map((run) =>
      `M${run.map((sample) => `${x(sample)} ${y(sample[which])}`).join('L')}`).join('');
    this.rx.setAttribute('d', line('rx'));
    this.tx.setAttribute('d', line('tx'));
    this.area.setAttribute('d', runs.map((run) => `M${x(run[0])} ${HEIGHT}L${run.map((sample) =>
      `${x(sample)} ${y(sample.rx)}`).join('L')}L${x(run.at(-1))} ${HEIGHT}Z`).join(''));
    const last = this.samples.at(-1);
    say(this.rxNow, `in ${this.format(last.rx)}`);
    say(this.txNow, `out ${this.format(last.tx)}`);
    say(this.top, `top line ${this.format(top)}`);
    this.picture.setAttribute('aria-label',
      `${this.title}, last five minutes: now in ${this.format(last.rx)}, out ${this.format(last.tx)}`);
  }

  /** The parts between gaps. */
  runs() {
    const runs = [];
    let before = null;
    for (const sample of this.samples) {
      const known = sample.rx !== null && sample.tx !== null;
      if (known && (before === null || sample.at - before.at > GAP_MS)) {
        runs.push([]);
      }
      if (known) {
        runs.at(-1).push(sample);
      }
      before = known ? sample : null;
    }
    return runs;
  }
}
