/* The tables that show a list of the API as it is. */
import { count, endpoint, time } from './format.js';
import { Table } from './table.js';

const any = (text) => (text && text.length ? [].concat(text).join(', ') : 'any');
const orNothing = (number) => (number ? count(number) : '');

export const helperTable = () => new Table('helpers', [
  { title: 'Name', text: (helper) => helper.name },
  { title: 'Ports', text: (helper) => `${helper.transport} ${helper.ports.join(', ')}` },
  { title: 'Sessions', number: true, text: (helper) => count(helper.sessions) },
  { title: 'Expecting', number: true, text: (helper) => count(helper.expectations) },
  { title: 'Counted', text: (helper) => (helper.problem ? `switched off: ${helper.problem}`
    : Object.entries(helper.events).map(([event, value]) => `${event.replaceAll('_', ' ')} ${count(value)}`).join(', ')) },
], 'No helper is active.');

export const expectationTable = () => new Table('expectations', [
  { title: 'Helper', text: (expected) => expected.helper },
  { title: 'From', text: (expected) => expected.src },
  { title: 'To', text: (expected) => `${expected.proto} ${endpoint(expected.dst, expected.dport)}` },
  { title: 'Leads to', text: (expected) => endpoint(expected.toAddress, expected.toPort) },
  { title: 'Ends in', number: true, text: (expected) => time(expected.timeoutSeconds) },
], 'No connection is expected.');

export const policyTable = () => new Table('policy', [
  { title: 'Rule', text: (rule) => rule.rule },
  { title: 'From', text: (rule) => any(rule.from) },
  { title: 'To', text: (rule) => any(rule.to) },
  { title: 'Source', text: (rule) => any(rule.src) },
  { title: 'Destination', text: (rule) => any(rule.dst) },
  { title: 'Protocol', text: (rule) => any(rule.proto) },
  { title: 'Port', text: (rule) => any(rule.port) },
  { title: 'Action', text: (rule) => rule.action },
  { title: 'New flows', number: true, text: (rule) => count(rule.flows) },
  { title: 'Over limit', number: true, text: (rule) => orNothing(rule.limited) },
], 'There are no rules.');
