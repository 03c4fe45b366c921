import { createHash } from 'node:crypto';

/** Runs in the browser of a wallet: it names who asks, and has the wallet sign the message of the act. */
const script = `
const at = '/v1/wallet-joins/' + location.pathname.split('/').pop();
const show = (id, text) => { document.getElementById(id).textContent = text; };
async function call(path, body) {
  const answer = await window.fetch(at + path, body && {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.detail || read.title);
  return read;
}
call('').then(({ applicationName, displayName }) => {
  show('who', (displayName || 'A person') + ' asks in ' + applicationName + '.');
}, (error) => show('who', error.message));
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    if (!window.ethereum) throw new Error('Open this page in the browser of your wallet.');
    const [address] = await window.ethereum.request({ method: 'eth_requestAccounts' });
    const { challengeId, message } = await call('/challenges', { address });
    const hex = '0x' + Array.from(new TextEncoder().encode(message), (one) => one.toString(16).padStart(2, '0')).join('');
    const signature = await window.ethereum.request({ method: 'personal_sign', params: [hex, address] });
    const number = Number(document.querySelector('input').value);
    await call('/accept', { challengeId, signature, number });
    show('state', 'Done. Both are one account now.');
    document.querySelector('button').disabled = true;
  } catch (error) {
    show('state', error.message);
  }
});
`;

const digest = createHash('sha256').update(script).digest('base64');

export const joinPagePolicy = `default-src 'none'; script-src 'sha256-${digest}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const joinPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Join two accounts</title>
<h1>Join two accounts</h1>
<p id="who"></p>
<p>The account of your wallet becomes part of the account that asks, which gets its scores, teams and names. Go on only if you
asked for this yourself.</p>
<form>
<p><label>The number that you were shown <input inputmode="numeric" pattern="[0-9]{2}" maxlength="2" required></label></p>
<p><button>Sign with the wallet</button></p>
</form>
<p id="state" role="status"></p>
<script>${script}</script>
</html>
`;
