import type { ShownAct, ShownMove, ShownRow } from '@countersign/custody-protocol';
import { coinDecimals, shownAddress, type DecodedAct, type Spend } from '@countersign/wallet-acts';
import { formatUnits } from 'viem/utils';
import type { AssetRule } from './asset-rule';
import type { Rules } from './rules';

/** Dates end in the year 275760. */
const LAST_SECOND = 8_640_000_000_000n;

/** Describes an act for its person. Names of tokens and networks, and decimals, come from the rules. */
export function shownAct(
  act: DecodedAct,
  { assets, networks }: Pick<Rules, 'assets' | 'networks'>,
): ShownAct {
  const { chain, spends, maxFee, text, undecoded, summary, signingKind } = act;
  const ofChain = assets.filter((one) => one.chain === chain);
  const words = new Words(act, ofChain, networks[chain]);
  const moves = spends.flatMap((spend, at) =>
    isAttached(spends, at, chain) ? [] : [words.moveOf(spend, spends[at + 1])],
  );
  const unknown = undecoded.map(({ contract, method }) => ({
    title: 'Do something that custody cannot read',
    rows: rowsOf(['Contract', contract && shownAddress(contract, chain)], ['Call', method]),
    warning: 'Nobody can say what this does. It may give away everything in your wallet, for ever.',
  }));
  const done = [...moves, ...unknown];
  const sent = spends
    .filter(({ token }) => token === null)
    .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const name = networks[chain];
  const isOfChain = signingKind !== 'evm-message' && signingKind !== 'ton-proof';
  const network = name ?? `${chain}, which has no name here`;
  // The bytes of a TON transfer do not bound the network's fee.
  const bound = chain.startsWith('ton:') ? 'usually less than' : 'at most';
  const most = (amount: bigint) => (maxFee === null ? null : `${bound} ${words.coins(amount)}`);
  const fee = maxFee ?? 0n;
  const feeTimes = sent > 0n && moves.length === 1 ? (fee + sent - 1n) / sent : 0n;
  const isSent = spends.some(({ kind, amount }) => kind === 'transfer' && amount !== 0n);
  const ofCoinsAlone = spends.every(({ token }) => token === null);
  return {
    moves: done.length > 0 ? done : summary.map((title) => ({ title, rows: [], warning: null })),
    rows: rowsOf(['Network', isOfChain ? network : null], ['Network fee', most(fee)], ...words.sums(), [
      ofCoinsAlone ? 'Total with the fee' : 'Your wallet also pays, with the fee',
      sent > 0n ? most(sent + fee) : null,
    ]),
    warnings: [
      ...(feeTimes > 1n ? [`The fee can be up to ${feeTimes} times the amount that you send.`] : []),
      ...(isSent ? [`What is sent arrives on ${name ?? chain} only, and cannot be taken back.`] : []),
    ],
    text,
  };
}

function rowsOf(...rows: readonly (readonly [name: string, value: string | null])[]): readonly ShownRow[] {
  return rows.filter((row): row is ShownRow => row[1] !== null);
}

/** On TON, the attached coins follow the asset. */
function isAttached(spends: readonly Spend[], at: number, chain: string): boolean {
  return chain.startsWith('ton:') && at > 0 && spends[at]?.token === null && spends[at - 1]?.token !== null;
}

class Words {
  constructor(
    private readonly act: DecodedAct,
    private readonly assets: readonly AssetRule[],
    private readonly network: string | undefined,
  ) {}

  coins(amount: bigint): string {
    const { chain } = this.act;
    return `${decimal(amount, coinDecimals(chain))} ${this.ruleOf(null)?.name ?? `coins of ${this.network ?? chain}`}`;
  }

  /** The sum of each named token that leaves in several moves. */
  sums(): readonly ShownRow[] {
    return this.assets.flatMap(({ token, kind, name }): readonly ShownRow[] => {
      const sent = this.act.spends.filter((one) => one.kind === 'transfer' && one.token === token);
      const [first] = sent;
      if (kind !== 'token' || name === null || !first || sent.length < 2) return [];
      const amount = sent.reduce((sum, one) => sum + BigInt(one.amount), 0n);
      return [['All of this together', this.thingOf({ ...first, amount }, true)]];
    });
  }

  /** @param next on TON, the attached coins */
  moveOf(spend: Spend, next: Spend | undefined): ShownMove {
    const { chain, address } = this.act;
    const { kind, token, amount, owner, to, deadline } = spend;
    // Coins are the wallet's own even if a contract passes them on.
    const isOwn = owner === address || token === null;
    const thing = this.thingOf(spend, isOwn);
    const shown = (one: string): string => shownAddress(one, chain);
    const rule = this.ruleOf(token);
    const isKnown = token === null || (rule?.name ?? null) !== null;
    const isFollowed = chain.startsWith('ton:') && token !== null && next !== undefined;
    const along = isFollowed ? this.coins(BigInt(next.amount)) : null;
    const rest = isKnown ? 'and the rest of it comes back' : 'which it may keep';
    const rows = rowsOf(
      [kind === 'transfer' ? 'To' : 'Who may take it', shown(to)],
      ['From', isOwn ? null : shown(owner)],
      ['Address of the unknown contract', isKnown ? null : shown(token)],
      ['The signature can be used', kind === 'permit' || deadline !== null ? until(deadline) : null],
      ['Sent along to pay for the transfer', along && `${along}, ${rest}`],
    );
    const on = this.network === undefined || !rule?.name ? '' : ` on ${this.network}`;
    if (kind === 'transfer')
      return { title: `Send ${thing}${on}`, rows, warning: isKnown ? null : this.unknown };
    if (amount === 0n && (!spend.isAmountOrTokenId || rule?.kind === 'token'))
      return { title: `Take back the permission to take ${this.nameOf(spend)}`, rows, warning: null };
    const isWhole = amount === 'unlimited' || isOfCollection(spend, rule);
    const taken = isWhole ? thing : `up to ${thing}`;
    const lasts = `Anyone at this address may take ${taken}${isOwn ? '' : ' of another wallet'}, now or later, without asking you again. This stays until another transaction of yours takes the permission back.`;
    const warning = isKnown ? lasts : `${lasts} ${this.unknown}`;
    return { title: `Let somebody else take ${taken}${on}`, rows, warning };
  }

  private get unknown(): string {
    const names = this.assets.flatMap(({ token, name }) => (token === null ? [] : (name ?? [])));
    const isNone = names.length === 0 ? '' : ` It is none of these: ${names.join(', ')}.`;
    return `Your wallet does not know this contract.${isNone} Somebody may have given it the name of something that you know.`;
  }

  private ruleOf(token: string | null): AssetRule | undefined {
    return this.assets.find((one) => one.token === token);
  }

  private nameOf(spend: Spend): string {
    const rule = this.ruleOf(spend.token);
    return rule?.name ?? (isOfCollection(spend, rule) ? 'an unknown collection' : 'an unknown token');
  }

  private thingOf(spend: Spend, isOwn: boolean): string {
    const { token, tokenId, amount, isAmountOrTokenId } = spend;
    if (token === null) return this.coins(BigInt(amount));
    const [rule, name] = [this.ruleOf(token), this.nameOf(spend)];
    const isNamed = name === rule?.name;
    if (amount === 'unlimited')
      return isNamed ? `all ${isOwn ? 'your ' : ''}${name}` : `everything of ${name}`;
    if (isOfCollection(spend, rule)) {
      const id = tokenId ?? (isAmountOrTokenId ? amount : null);
      if (id === null) return isNamed ? name : 'an unknown collectible';
      return `${tokenId !== null && amount !== 1n ? `${decimal(amount, 0)} of ` : ''}the collectible ${String(id)} of ${name}`;
    }
    const { decimals = null } = rule ?? {};
    const units = decimal(amount, decimals ?? 0) + (decimals === null ? ' of the smallest units of' : '');
    return `${units} ${name}${isAmountOrTokenId && !rule ? `, or the collectible ${String(amount)}` : ''}`;
  }
}

function isOfCollection({ isCollectible }: Spend, rule: AssetRule | undefined): boolean {
  return isCollectible || rule?.kind === 'collectible';
}

function decimal(amount: bigint, decimals: number): string {
  const [whole = '', fraction] = formatUnits(amount, decimals).split('.');
  const apart = whole.replaceAll(/\B(?=(?:[0-9]{3})+$)/g, ',');
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

function until(deadline: bigint | null): string {
  if (deadline === null || deadline > LAST_SECOND) return 'for ever';
  return `until ${new Date(Number(deadline) * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
