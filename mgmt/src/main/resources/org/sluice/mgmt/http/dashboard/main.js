/* Reads the gateway every two seconds while the page can be seen, and shows what it says. */
import { byId, say } from './dom.js';
import { EventLog } from './events.js';
import { FlowsPanel } from './flows.js';
import { bits, clock } from './format.js';
import { ask, isReady, keepToken, TokenWanted } from './gateway.js';
import { InterfacesPanel } from './interfaces.js';
import { expectationTable, helperTable, policyTable } from './lists.js';
import { natTable, NumbersPanel } from './numbers.js';
import { Rates } from './rates.js';

const INTERVAL_MS = 2_000;

const rates = new Rates();
const interfaces = new InterfacesPanel(rates);
const numbers = new NumbersPanel(rates);
const flows = new FlowsPanel();
const events = new EventLog();
const nat = natTable();
const helpers = helperTable();
const expectations = expectationTable();
const policy = policyTable();

let paused = false;
let timer = null;
let reading = false;
let answered = null;

function health(text, kind) {
  say(byId('health'), text);
  byId('health').className = `pill ${kind}`;
}

async function read() {
  const [ready, counters, list, pools, active, expected, rules] = await Promise.all([isReady(), ask('counters'),
    ask('interfaces'), ask('nat'), ask('helpers'), ask('expectations'), ask('policy'), flows.refresh()]);
  const at = performance.now();
  const now = new Date();
  const received = interfaces.show(list.interfaces, at);
  numbers.show(counters, received, at);
  nat.show(pools.nat);
  helpers.show(active.helpers);
  events.show(active.helpers, now);
  expectations.show(expected.expectations);
  policy.show(rules.policy);
  const down = list.interfaces.filter((iface) => !iface.up).map((iface) => iface.name);
  health(!ready ? 'not forwarding' : down.length ? `forwarding; down: ${down.join(', ')}` : 'forwarding',
    ready && !down.length ? 'good' : 'bad');
  document.title = `Sluice · ${bits(received)}`;
  answered = now;
  say(byId('updated'), `as of ${clock(now)}`);
}

function failed(problem) {
  if (problem instanceof TokenWanted) {
    health('needs its token', 'bad');
    byId('login').hidden = false;
    return;
  }
  health('no answer', 'bad');
  document.title = 'Sluice · no answer';
  say(byId('updated'), `${answered ? `last answer ${clock(answered)}; ` : ''}asking again`);
}

async function turn() {
  clearTimeout(timer);
  if (paused || document.hidden || reading) {
    return;
  }
  reading = true;
  try {
    await read();
    byId('login').hidden = true;
  } catch (problem) {
    failed(problem);
  } finally {
    reading = false;
  }
  timer = setTimeout(turn, INTERVAL_MS);
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', paused);
  say(byId('pause'), paused ? 'Go on' : 'Pause');
  turn();
});
byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  keepToken(byId('token').value);
  turn();
});
document.addEventListener('visibilitychange', turn);
turn();
