/* A card with two charts for each interface. */
import { byId, element, say } from './dom.js';
import { bits, count, packets } from './format.js';
import { Chart } from './chart.js';

class Card {
  constructor(name) {
    this.state = element('span', { class: 'pill' });
    this.facts = element('p', { class: 'quiet' });
    this.bits = new Chart('Bits', bits);
    this.packets = new Chart('Packets', packets);
    this.node = element('article', { class: 'card', 'aria-label': `Interface ${name}` },
      element('h3', {}, name, this.state), this.facts, this.bits.node, this.packets.node);
  }

  show(iface, rates, at) {
    say(this.state, iface.up ? 'up' : 'down');
    this.state.className = `pill ${iface.up ? 'good' : 'bad'}`;
    const missed = iface.counters.rx_missed;
    say(this.facts, [iface.device, iface.zone === iface.name ? null : `zone ${iface.zone}`, ...iface.addresses,
      iface.mac, `MTU ${iface.mtu}`, missed ? `missed ${count(missed)}` : null].filter((fact) => fact).join(' · '));
    const rate = (counter) => rates.of(`${iface.name} ${counter}`, iface.counters[counter], at);
    const octets = [rate('rx_bytes'), rate('tx_bytes')];
    this.bits.add(at, ...octets.map((value) => (value === null ? null : 8 * value)));
    this.packets.add(at, rate('rx_packets'), rate('tx_packets'));
    return octets;
  }
}

export class InterfacesPanel {
  constructor(rates) {
    this.rates = rates;
    this.cards = new Map();
  }

  /** @returns bits received each second on all of them, null when not known */
  show(interfaces, at) {
    let sum = null;
    for (const iface of interfaces) {
      if (!this.cards.has(iface.name)) {
        this.cards.set(iface.name, new Card(iface.name));
        byId('interfaces').append(this.cards.get(iface.name).node);
      }
      const [rx] = this.cards.get(iface.name).show(iface, this.rates, at);
      sum = rx === null ? sum : (sum ?? 0) + 8 * rx;
    }
    for (const [name, card] of this.cards) {
      if (!interfaces.some((iface) => iface.name === name)) {
        card.node.remove();
        this.cards.delete(name);
      }
    }
    return sum;
  }
}
