/* The tiles on top, and what became of every packet. */
import { byId, element, say } from './dom.js';
import { bits, count, latency, packets } from './format.js';
import { bar, Table } from './table.js';

const LABELLED = /^(\w+)\{(.*)\}$/;

/** @returns [labels' text, value] of every meter of a name */
const family = (counters, name) => Object.entries(counters).flatMap(([key, value]) => {
  const match = LABELLED.exec(key);
  return match && match[1] === name ? [[match[2], value]] : [];
});

/** The value of the only label. */
const label = (labels) => labels.replace(/^\w+="/, '').replace(/"$/, '');

const sum = (counters, name) => family(counters, name).reduce((all, [, value]) => all + value, 0);

class Tiles {
  constructor() {
    this.tiles = new Map();
  }

  set(title, text, small = '', bad = false) {
    if (!this.tiles.has(title)) {
      const tile = { value: element('span'), small: element('small') };
      tile.number = element('dd', {}, tile.value, tile.small);
      byId('tiles').append(element('div', {}, element('dt', {}, title), tile.number));
      this.tiles.set(title, tile);
    }
    const tile = this.tiles.get(title);
    say(tile.value, text);
    say(tile.small, small);
    tile.number.className = bad ? 'bad' : '';
  }
}

export class NumbersPanel {
  constructor(rates) {
    this.rates = rates;
    this.tiles = new Tiles();
    this.drops = new Table('drops', [
      { title: 'Reason', text: (drop) => drop.reason.replaceAll('_', ' ') },
      { title: 'Now', number: true, text: (drop) => packets(drop.rate) },
      { title: 'In all', number: true, text: (drop) => count(drop.total) },
      { title: 'Share', node: (drop) => element('meter', { min: 0, max: 1, value: drop.share, title: `${Math.round(100 * drop.share)} %` }) },
    ], 'Nothing has been dropped.', true);
  }

  /** @param received bits each second */
  show(counters, received, at) {
    const rate = (name) => this.rates.of(`sum ${name}`, counters[name], at);
    this.tiles.set('Received', bits(received), packets(rate('rx_packets')));
    const forwarded = rate('forwarded');
    this.tiles.set('Forwarded', packets(forwarded), `${count(counters.forwarded)} in all`);
    this.tiles.set('Dropped', packets(rate('dropped_total')), `${count(counters.dropped_total)} in all`);
    this.showFlows(counters, at);
    this.showLatency(counters);
    this.showJournal(counters);
    this.showFates(counters, at);
  }

  showFlows(counters, at) {
    const flows = sum(counters, 'sluice_flows');
    const capacity = counters.sluice_flows_capacity;
    this.tiles.set('Flows', count(flows), `room for ${count(capacity)}`, capacity > 0 && flows > 0.9 * capacity);
    this.tiles.set('New flows', packets(this.rates.of('created', counters.sluice_flows_created_total ?? 0, at)),
      `${count(counters.sluice_flows_created_total)} in all`);
    this.tiles.set('Expected', count(counters.sluice_expectations), 'connections');
  }

  showLatency(counters) {
    const quantiles = new Map(family(counters, 'sluice_forward_latency_seconds')
      .map(([labels, value]) => [label(labels), latency(value)]));
    if (quantiles.size) {
      this.tiles.set('Latency, median', quantiles.get('0.5') ?? '–',
        `99 % ${quantiles.get('0.99')}, 99.99 % ${quantiles.get('0.9999')}`);
    }
  }

  showJournal(counters) {
    const up = counters.sluice_journal_up;
    this.tiles.set('Journal', up === undefined ? 'off' : up ? 'written' : 'faulty',
      up === undefined ? 'a restart ends all flows'
        : up ? `${count(counters.sluice_journal_records_total)} records` : 'see the gateway\'s log', up === 0);
  }

  showFates(counters, at) {
    say(byId('sum'), `${count(counters.rx_packets)} received = ${count(counters.forwarded)} forwarded + `
      + `${count(counters.delivered)} for the gateway itself + ${count(counters.held)} waiting + `
      + `${count(counters.dropped_total)} dropped`);
    const drops = family(counters, 'sluice_drops_total')
      .map(([labels, total]) => ({ reason: label(labels), total, rate: this.rates.of(`drop ${labels}`, total, at) }))
      .filter((drop) => drop.total > 0).sort((a, b) => b.total - a.total || a.reason.localeCompare(b.reason));
    const all = drops.reduce((before, drop) => before + drop.total, 0);
    this.drops.show(drops.map((drop) => ({ ...drop, share: drop.total / all })));
  }
}

export const natTable = () => new Table('nat', [
  { title: 'Address', text: (pool) => pool.address },
  { title: 'Protocol', text: (pool) => pool.proto },
  { title: 'In use', number: true, text: (pool) => count(pool.used) },
  { title: 'Of', number: true, text: (pool) => count(pool.size) },
  { title: 'Share', node: (pool) => bar(pool.used, pool.size) },
], 'No outside port is in use.');
