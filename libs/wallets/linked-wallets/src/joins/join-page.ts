import { createHash } from 'node:crypto';
import { ANSWER_BY_WALLET } from '../proofs/wallet-script';

/** This script runs in the wallet's browser. It shows who asks, and lets the wallet sign the message of the act. */
const script = `${ANSWER_BY_WALLET}
const at = '/v1/wallet-joins/' + location.pathname.split('/').pop();
const show = (id, ...parts) => document.getElementById(id).replaceChildren(...parts);
const named = (name) => Object.assign(document.createElement('bdi'), { textContent: name.replace(/\\p{Bidi_Control}/gu, '') });
call(at).then(({ applicationName, displayName }) => {
  show('who', named(displayName || 'A person'), ' asks in ', named(applicationName), '.');
}, (error) => show('who', error.message));
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const answer = await answerByWallet((address) => call(at + '/challenges', { address }));
    const number = Number(document.querySelector('input').value);
    await call(at + '/accept', { ...answer, number });
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
