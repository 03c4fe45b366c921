/** Runs on the page of a sign-in: asks until the phone has answered, and goes on. */
const SCRIPT = `const url = location.pathname;
const EVERY_MS = 700;

async function ask() {
  try {
    const answer = await window.fetch(url + '/state', { headers: { accept: 'application/json' } });
    if (answer.ok && (await answer.json()).isOver) {
      location.replace(url + '/continue');
      return;
    }
    if (answer.status === 404) {
      document.getElementById('state').textContent = 'This page is over. Go back to where you came from.';
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

const STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#f3f5f8, #10151b);
  --card: light-dark(#ffffff, #19212a);
  --text: light-dark(#14181d, #eef2f6);
  --hint: light-dark(#55606d, #a3b1c0);
  --main: light-dark(#14599f, #6fb5fa);
  --main-text: light-dark(#ffffff, #06182b);
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(26rem, 100%); padding: 2rem 1.5rem; border-radius: 1rem; background: var(--card); }
main { text-align: center; overflow-wrap: anywhere; }
h1 { margin: 0 0 0.5rem; font-size: 1.4rem; }
ul { text-align: left; }
.qr { width: 13rem; margin: 1rem auto; padding: 0.75rem; border-radius: 0.75rem; background: #ffffff; }
.qr svg { display: block; width: 100%; }
.number { margin: 0.25rem 0; font-size: 3rem; font-weight: 700; letter-spacing: 0.1em; }
.hint, #state { color: var(--hint); }
a.button, button, input[type='text'] { width: 100%; margin-top: 0.75rem; padding: 0.75rem; font: inherit; }
a.button, button { display: block; border: 0; border-radius: 0.6rem; background: var(--main); }
a.button, button { color: var(--main-text); font-weight: 600; text-decoration: none; cursor: pointer; }
button.quiet { background: transparent; color: var(--main); }
`;

/** The files of the pages, by name. */
export const pageFiles: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['login.js', { type: 'text/javascript; charset=utf-8', text: SCRIPT }],
  ['login.css', { type: 'text/css; charset=utf-8', text: STYLE }],
]);
