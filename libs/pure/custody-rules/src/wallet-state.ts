import { Refused, type Environment, type ShownWallet } from '@countersign/custody-protocol';
import type { DecodedAct } from '@countersign/wallet-acts';
import { addressOn, type PublicKeys } from '@countersign/wallet-keys';
import { showTonAddress } from '@countersign/wallet-proofs';
import type { Asked } from './consents';
import type { Launch } from './launches';
import { namedWayOut, shownWayOut, wayOutAt, type StoredWayOut } from './way-out';

/** Instants are ISO 8601. */
export interface WalletState extends PublicKeys {
  /** The number of its journal entry: it shows when an earlier state was put back. */
  readonly sequence: string;
  readonly environment: Environment;
  readonly createdAt: string;
  readonly destroyedAt: string | null;
  /** `environment` and the person's id at Telegram; null until the wallet is bound. */
  readonly owner: string | null;
  readonly frozenAt: string | null;
  readonly wayOut: StoredWayOut | null;
}

/** The time for binding a new wallet, in milliseconds. */
const BINDING_MS = 24 * 3_600_000;

/** @throws Refused `wallet_destroyed` */
export function assertLive({ destroyedAt }: WalletState): void {
  if (destroyedAt) throw new Refused('wallet_destroyed');
}

/** @throws Refused `wallet_destroyed`, `braked`, `wallet_frozen` */
export function assertActing(wallet: WalletState & { readonly isBraked: boolean }): void {
  assertLive(wallet);
  if (wallet.isBraked) throw new Refused('braked');
  if (wallet.frozenAt) throw new Refused('wallet_frozen');
}

/** @throws Refused `act_refused` for an act of another wallet */
export function assertSigner(
  wallet: WalletState,
  { address, chain }: Pick<DecodedAct, 'address' | 'chain'>,
): void {
  if (address !== addressOn(wallet, chain))
    throw new Refused('act_refused', { reason: 'wallet.signer_mismatch' });
}

export function ownerOf({ environment, userId }: Pick<Launch, 'environment' | 'userId'>): string {
  return `${environment}/${userId}`;
}

export function isBindable({ owner, createdAt }: WalletState, now: Date): boolean {
  return owner === null && now.getTime() - Date.parse(createdAt) < BINDING_MS;
}

/** The owner may read a request, and for a new wallet the person who binds it. */
export function mayConsent(wallet: WalletState, { kind }: Asked, launch: Launch): boolean {
  const isNew = kind === 'bind' && wallet.owner === null && wallet.environment === launch.environment;
  return isNew || wallet.owner === ownerOf(launch);
}

/** The immediate changes by a consent that is for neither a signature nor an export. */
export function consentedChanges(
  { kind, to }: Asked,
  { wayOut }: WalletState,
  launch: Launch,
  now: Date,
): Partial<WalletState> {
  if (kind === 'unfreeze') return { frozenAt: null };
  if (kind === 'bind') return { owner: ownerOf(launch) };
  return to ? { wayOut: namedWayOut(wayOutAt(wayOut, now), to, now) } : {};
}

export function shownWallet(id: string, wallet: WalletState, now: Date): Omit<ShownWallet, 'last'> {
  const { frozenAt, evmAddress: evm } = wallet;
  const [isDestroyed, isTest] = [wallet.destroyedAt !== null, wallet.environment === 'test'];
  if (isDestroyed) return { id, isDestroyed, frozenAt, addresses: null, wayOut: null };
  const ton = showTonAddress(addressOn(wallet, isTest ? 'ton:-3' : 'ton:-239'), { isTest });
  const wayOut = wayOutAt(wallet.wayOut, now);
  return {
    ...{ id, isDestroyed, frozenAt, addresses: { evm, ton } },
    wayOut: wayOut && shownWayOut(wayOut, isTest),
  };
}
