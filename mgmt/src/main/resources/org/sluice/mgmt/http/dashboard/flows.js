/* The flow table: search and pages. */
import { byId, say } from './dom.js';
import { bytes, count, endpoint, time } from './format.js';
import { ask } from './gateway.js';
import { Table } from './table.js';

/** A page on a phone is shorter: there each flow takes several lines. */
const PAGE = matchMedia('(max-width: 45rem)').matches ? 15 : 50;
/** Records the gateway looks at for one page: a search for what is rare must not keep it busy. */
const LOOK = 20_480;

const isPortless = (flow) => flow.proto === 'icmp' || flow.proto === 'icmpv6';

function way(flow, tuple) {
  return isPortless(flow) ? `${tuple.src} → ${tuple.dst} id ${tuple.sport}`
    : `${endpoint(tuple.src, tuple.sport)} → ${endpoint(tuple.dst, tuple.dport)}`;
}

/** What the other side sees, where that is something else. */
function translated(flow) {
  const seen = { src: flow.reply.dst, sport: flow.reply.dport, dst: flow.reply.src, dport: flow.reply.sport };
  const text = way(flow, seen);
  return text === way(flow, flow.original) ? '' : text;
}

export class FlowsPanel {
  constructor() {
    this.words = '';
    this.starts = [0];
    this.after = null;
    this.asked = 0;
    this.table = new Table('flows', [
      { title: 'Protocol', text: (flow) => flow.proto },
      { title: 'State', text: (flow) => flow.state || (flow.seenReply ? 'answered' : 'not answered') },
      { title: 'From → to', text: (flow) => way(flow, flow.original) },
      { title: 'Translated', text: translated },
      { title: 'Packets', number: true, text: (flow) => count(flow.original.packets + flow.reply.packets) },
      { title: 'Bytes', number: true, text: (flow) => bytes(flow.original.bytes + flow.reply.bytes) },
      { title: 'Ends in', number: true, text: (flow) => time(flow.timeoutSeconds) },
      { title: 'Helper', text: (flow) => flow.helper ?? (flow.related >= 0 ? 'expected' : '') },
    ], 'No flows here.');
    byId('search').addEventListener('submit', (event) => {
      event.preventDefault();
      this.find(byId('words').value.trim());
    });
    byId('words').addEventListener('input', (event) => event.target.value === '' && this.find(''));
    byId('next').addEventListener('click', () => this.after !== null && this.turn(() => this.starts.push(this.after)));
    byId('previous').addEventListener('click', () => this.starts.length > 1 && this.turn(() => this.starts.pop()));
  }

  find(words) {
    this.turn(() => {
      this.words = words;
      this.starts = [0];
    });
  }

  turn(change) {
    change();
    // not known before the answer has come; the buttons stay as they are, so that none loses the keyboard's focus
    this.after = null;
    this.refresh().catch((problem) => say(byId('found'), `The gateway says: ${problem.message}`));
  }

  async refresh() {
    this.asked += 1;
    const mine = this.asked;
    const query = new URLSearchParams({ limit: PAGE, from: this.starts.at(-1), look: LOOK });
    if (this.words) {
      query.set('search', this.words);
    }
    const page = await ask(`flows?${query}`);
    if (mine === this.asked) {
      this.show(page);
    }
  }

  show(page) {
    this.after = page.next;
    this.table.show(page.flows);
    byId('next').disabled = page.next === null;
    byId('previous').disabled = this.starts.length < 2;
    const part = page.next !== null && page.flows.length < PAGE
      ? '; only a part of the table has been looked at, Next goes on' : '';
    say(byId('found'), `Page ${this.starts.length}, ${page.flows.length} flows${part}`);
  }
}
