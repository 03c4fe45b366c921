import { membersOf } from './fields';
import type { WalletAct, WalletActKind } from './wallet-act';

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string';
const isAnything: Rule = () => true;

/** The fields of each kind, all of which are needed. */
const FIELDS: Readonly<Record<WalletActKind, Readonly<Record<string, Rule>>>> = {
  message: { message: isText, encoding: (value) => value === 'text' || value === 'hex' },
  'typed-data': { typedData: isAnything },
  transaction: { transaction: isAnything },
  'ton-proof': { domain: isText, payload: isText },
  'ton-transfer': { payload: isText },
};

/** What `decodeAct` takes, of a request that came as JSON; null for one that has not exactly the fields of its kind. */
export function readWalletAct(kind: unknown, request: unknown): WalletAct | null {
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return null;
  const fields = FIELDS[kind as WalletActKind];
  const members = membersOf(request, Object.keys(fields));
  const isRead =
    members && Object.entries(fields).every(([name, rule]) => members.has(name) && rule(members.get(name)));
  return isRead ? ({ kind, ...(request as object) } as WalletAct) : null;
}
