import { isCountersignError } from '@countersign/client';
import {
  cancelWaitingSend,
  createEmbeddedWallet,
  estimateSend,
  followSend,
  formatAmount,
  listSends,
  readAmount,
  replaceSend,
  sendFromWallet,
  type Send,
  type SendChainId,
  type SendRequest,
} from '@countersign/client/wallets';
import { h } from '../../dom';
import { tonWalletOf, walletOf } from '../../made-up';
import { asked, chains, countersign, hasTestCoins, people, relaunch, signedIn } from '../../me';
import type { SendingChain } from '../../me';
import { addSection, sentenceOf, type Section } from '../../section';
import { questions } from './question';
import { launchOf } from './send-launch';
import { sendView, whatBecameOf } from './send-view';

/** What is sent, with the key that makes it one send: stored until an answer comes. */
const STORED = 'playground:send';
const WORDING = { title: 'What would be sent', yes: 'Send it', no: 'Do not send' };

export async function sendsSection(): Promise<void> {
  const section = addSection(
    'sends',
    'Send',
    'Coins and tokens from an embedded wallet. The page stores a key before it sends: after a lost answer the same key answers the same send. A payment counts when it is final. Above one coin, or ten of a token, a send waits for a launch that names it. In your applications the first send to an address waits a day, here it does not.',
  );
  section.body.append(launchOf(section));
  if (chains.length === 0)
    section.body.append(
      h(
        'p',
        { className: 'state' },
        'This service knows no chain to send on. “npm run example:wallet” starts it with chains of this machine and test coins. For a chain of yours, set CHAINS_FILE as docs/operations.md says under “Chains”.',
      ),
    );
  else await addForm(section);
}

async function addForm(section: Section): Promise<void> {
  const { body, action, say } = section;
  const { element: question, confirm } = questions(WORDING);
  const chain = h('select', {}, ...chains.map(({ id, name }) => h('option', { value: id }, name)));
  const asset = h('select', {});
  const to = h('input', { type: 'text', spellcheck: false, maxLength: 80 });
  const amount = h('input', { type: 'text', inputMode: 'decimal', value: '0.5', maxLength: 40 });
  const shown = h('div', { className: 'embedded' });
  const followed = new Set<string>();
  let turns = 0;
  chain.addEventListener('change', () => void section.run(fill));
  body.append(
    h('label', {}, 'Chain', chain),
    h('label', {}, 'What', asset),
    h('label', {}, 'To', to),
    h('label', {}, 'Amount', amount),
    h(
      'div',
      { className: 'buttons' },
      ...(hasTestCoins ? [action('Get test coins', testCoins)] : []),
      action('What would it cost?', estimate),
      action('Send', send),
      action('Show my sends', async () => `Sends: ${await show(await wallet())}.`),
    ),
    question,
    shown,
  );
  await fill();

  function chosen(): SendingChain {
    const found = chains[chain.selectedIndex];
    if (!found) throw new Error('Choose a chain.');
    return found;
  }

  function chosenAsset(): {
    readonly token: string | null;
    readonly symbol: string;
    readonly decimals: number;
  } {
    const { currency, tokens } = chosen();
    const token = tokens[asset.selectedIndex - 1];
    return token ? { ...token, token: token.address } : { ...currency, token: null };
  }

  /** Shows what the chain has, and the made-up wallet of another person. */
  async function fill(): Promise<string> {
    const { kind, currency, tokens } = chosen();
    asset.replaceChildren(
      ...[currency, ...tokens].map(({ symbol }) => h('option', { value: symbol }, symbol)),
    );
    const friend = people.at(-1)?.id ?? 0;
    to.value = (await (kind === 'evm' ? walletOf(friend) : tonWalletOf(friend))).address;
    return '';
  }

  async function wallet(): Promise<string> {
    signedIn();
    return (await createEmbeddedWallet(countersign, chosen().kind)).walletId;
  }

  function request(): SendRequest {
    const { token, decimals, symbol } = chosenAsset();
    const units = readAmount(amount.value, decimals);
    if (units === null) throw new Error(`That is no amount of ${symbol}: write it like 0.5.`);
    const rest = { to: to.value.trim(), amount: units };
    if (token === null) return { kind: 'coin', ...rest };
    return chosen().kind === 'evm'
      ? { kind: 'token', token, ...rest }
      : { kind: 'jetton', master: token, ...rest };
  }

  async function testCoins(): Promise<string> {
    signedIn();
    const { kind, id, currency, tokens } = chosen();
    const { address } = await createEmbeddedWallet(countersign, kind);
    await asked('/playground/test-coins', { chainId: id, address });
    return `Your wallet ${address} got ${[currency, ...tokens].map(({ symbol }) => symbol).join(' and ')}.`;
  }

  async function estimate(): Promise<string> {
    const { maxFee } = await estimateSend(countersign, await wallet(), idOf(chosen()), request());
    return `At most ${coins(maxFee)} beside the amount.`;
  }

  async function send(): Promise<string> {
    const walletId = await wallet();
    const wanted = { walletId, chainId: idOf(chosen()), request: request() };
    const key = keyFor(JSON.stringify(wanted));
    try {
      const made = await sendFromWallet(countersign, walletId, wanted.chainId, wanted.request, key, confirm);
      sessionStorage.removeItem(STORED);
      await show(walletId);
      return follow(walletId, made);
    } catch (error) {
      if (isCountersignError(error) && error.code === 'local.declined') return 'Nothing was sent.';
      // A lost answer: the next press sends with the same key.
      if (isCountersignError(error) && error.status >= 400 && error.status < 500)
        sessionStorage.removeItem(STORED);
      throw error;
    }
  }

  /** Says what becomes of a send, until nothing changes any more. */
  function follow(walletId: string, { sendId, launch }: Send): string {
    const link = launch?.links[0]?.url;
    if (link !== undefined) relaunch(link);
    let state = '';
    const onRead = (read: Send): void => {
      if (state === read.state) return;
      state = read.state;
      say(whatBecameOf(read));
      void show(walletId);
    };
    if (!followed.has(sendId))
      followSend(countersign, walletId, sendId, { onRead })
        .catch((error: unknown) => say(sentenceOf(error)))
        .finally(() => followed.delete(sendId));
    followed.add(sendId);
    return link === undefined ? 'Sent.' : 'It waits: confirm it in the tab that opened.';
  }

  async function show(walletId: string): Promise<number> {
    const turn = (turns += 1);
    const { items } = await listSends(countersign, walletId);
    // An earlier list may come later.
    if (turn === turns)
      shown.replaceChildren(...items.map((item) => sendView(item, buttonsOf(walletId, item))));
    return items.length;
  }

  function buttonsOf(walletId: string, item: Send): HTMLElement[] {
    const replace = (label: string, kind: 'speed-up' | 'cancel'): HTMLElement =>
      action(label, async () => {
        await replaceSend(countersign, walletId, item, kind, confirm);
        await show(walletId);
        return follow(walletId, item);
      });
    if (item.state === 'waiting')
      return [
        action('Cancel it', async () => {
          await cancelWaitingSend(countersign, walletId, item.sendId);
          await show(walletId);
          return 'It is cancelled: nothing is sent.';
        }),
      ];
    return item.state === 'broadcasting' && item.chainId.startsWith('eip155:')
      ? [replace('Speed it up', 'speed-up'), replace('Send nothing in its place', 'cancel')]
      : [];
  }

  function coins(units: string | null): string {
    const { symbol, decimals } = chosen().currency;
    return `${formatAmount(units ?? '0', decimals)} ${symbol}`;
  }
}

/** The same for the same wish, until it is answered: also after a reload. */
function keyFor(wish: string): string {
  const stored = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as { wish?: string; key?: string };
  const key = (stored.wish === wish ? stored.key : undefined) ?? crypto.randomUUID();
  sessionStorage.setItem(STORED, JSON.stringify({ wish, key }));
  return key;
}

function idOf({ id }: SendingChain): SendChainId {
  return id as SendChainId;
}
