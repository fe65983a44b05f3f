/* Numbers and addresses as people read them. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];
const whole = new Intl.NumberFormat('en');

export const count = (value) => (value === undefined ? '–' : whole.format(Math.round(value)));

/** 1234567 -> "1.23 M"; nothing for what is not known. */
function scaled(value, step) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '–';
  }
  let power = 0;
  let rest = value;
  while (rest >= step && power < PREFIXES.length - 1) {
    rest /= step;
    power += 1;
  }
  const digits = power === 0 || rest >= 100 ? 0 : rest >= 10 ? 1 : 2;
  return `${rest.toFixed(rest > 0 && rest < 10 && power === 0 ? 1 : digits)} ${PREFIXES[power]}`;
}

export const bits = (value) => `${scaled(value, 1000)}bit/s`;
export const packets = (value) => `${scaled(value, 1000)}/s`.replace(' /s', '/s');
export const bytes = (value) => `${scaled(value, 1024).replace(/([kMGTP])$/, '$1i')}B`.replace('ki', 'Ki');

/** Seconds as the largest two units. */
export function time(seconds) {
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A latency of some nanoseconds up to seconds. */
export function latency(seconds) {
  if (!(seconds > 0)) {
    return '–';
  }
  return seconds < 1e-3 ? `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 1 : 0)} µs`
    : seconds < 1 ? `${(seconds * 1e3).toFixed(1)} ms` : `${seconds.toFixed(1)} s`;
}

export const endpoint = (address, port) => `${address.includes(':') ? `[${address}]` : address}:${port}`;

export const clock = (date) => date.toTimeString().slice(0, 8);
