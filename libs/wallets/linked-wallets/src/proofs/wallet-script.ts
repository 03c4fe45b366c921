/** A part of a page's script. The browser's wallet signs the message of the challenge that `ask` gets. */
export const ANSWER_BY_WALLET = `
async function call(path, body) {
  const answer = await window.fetch(path, body && {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const read = text === '' ? null : JSON.parse(text);
  if (!answer.ok) throw new Error(read.detail || read.title);
  return read;
}
async function answerByWallet(ask) {
  if (!window.ethereum) throw new Error('Open this page in the browser of your wallet.');
  const [address] = await window.ethereum.request({ method: 'eth_requestAccounts' });
  const { challengeId, message } = await ask(address);
  const hex = '0x' + Array.from(new TextEncoder().encode(message), (one) => one.toString(16).padStart(2, '0')).join('');
  const signature = await window.ethereum.request({ method: 'personal_sign', params: [hex, address] });
  return { challengeId, signature };
}
`;

/** The script of the OpenID provider's login page, which continues when the browser is signed in. */
export const LOGIN_BY_WALLET = `${ANSWER_BY_WALLET}
const button = document.getElementById('wallet');
button.hidden = !window.ethereum;
button.addEventListener('click', async () => {
  try {
    const { application: applicationId } = button.dataset;
    const challenges = '/v1/auth/wallets/challenges';
    const answer = await answerByWallet((address) => call(challenges, { applicationId, kind: 'siwe', address }));
    await call(location.pathname + '/wallet', answer);
  } catch (error) {
    document.getElementById('state').textContent = error.message;
  }
});
`;
