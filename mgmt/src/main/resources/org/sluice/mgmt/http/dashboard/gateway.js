/* Asks the gateway. A token is kept until the tab is closed, and goes to the gateway only. */

const TOKEN = 'sluice-token';

export class TokenWanted extends Error {}

export const keepToken = (token) => sessionStorage.setItem(TOKEN, token);

/** @returns the JSON at a path of the API */
export async function ask(path) {
  const token = sessionStorage.getItem(TOKEN);
  const answer = await fetch(`/api/v1/${path}`, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    signal: AbortSignal.timeout(8_000),
  });
  if (answer.status === 401) {
    throw new TokenWanted();
  }
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.detail ?? `status ${answer.status}`);
  }
  return body;
}

/** @returns whether packets are forwarded */
export async function isReady() {
  return (await fetch('/readyz', { signal: AbortSignal.timeout(8_000) })).ok;
}
