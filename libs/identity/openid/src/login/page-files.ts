import { HTML_STYLE } from '@countersign/http';

/** Runs on the page of a sign-in: asks until the phone has answered, and goes on. */
const SCRIPT = `const url = location.pathname;
const state = document.getElementById('state');
const EVERY_MS = 700;

async function ask() {
  try {
    const answer = await window.fetch(url + '/state', { headers: { accept: 'application/json' } });
    if (answer.ok && (await answer.json()).isOver) {
      location.replace(url + '/continue');
      return;
    }
    if (answer.status === 404) {
      state.textContent = 'This page is over. Go back to where you came from.';
      return;
    }
  } catch {
    // The network comes back.
  }
  setTimeout(ask, EVERY_MS);
}

void ask();
// On one device the browser sleeps while Telegram is open.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void ask();
});
`;

/** The files of the pages, by name. */
export const pageFiles: ReadonlyMap<string, string> = new Map([
  ['login.js', SCRIPT],
  ['login.css', HTML_STYLE],
]);
