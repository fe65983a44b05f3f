/* What helpers did since the page was opened: the differences between readings of their counters. */
import { byId, element } from './dom.js';
import { clock } from './format.js';

const LINES = 100;

export class EventLog {
  constructor() {
    this.before = null;
    this.list = byId('events');
    this.list.append(element('li', { class: 'quiet' }, 'None yet.'));
    this.empty = true;
  }

  show(helpers, now) {
    const counts = new Map(helpers.flatMap((helper) => Object.entries(helper.events).map(([event, value]) =>
      [JSON.stringify([helper.name, event]), value])));
    if (this.before !== null) {
      for (const [key, value] of counts) {
        const more = value - (this.before.get(key) ?? 0);
        if (more > 0) {
          this.add(...JSON.parse(key), more, now);
        }
      }
    }
    this.before = counts;
  }

  add(helper, event, more, now) {
    if (this.empty) {
      this.list.replaceChildren();
      this.empty = false;
    }
    this.list.prepend(element('li', {}, element('span', { class: 'quiet' }, `${clock(now)} `),
      `${helper}: ${event.replaceAll('_', ' ')}${more > 1 ? ` × ${more}` : ''}`));
    while (this.list.childElementCount > LINES) {
      this.list.lastElementChild.remove();
    }
  }
}
