import { membersOf } from './fields';
import type { WalletAct, WalletActKind } from './wallet-act';

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string';
const isAnything: Rule = () => true;

/** All fields of a kind are required. */
const FIELDS: Readonly<Record<WalletActKind, Readonly<Record<string, Rule>>>> = {
  message: { message: isText, encoding: (value) => value === 'text' || value === 'hex' },
  'typed-data': { typedData: isAnything },
  transaction: { transaction: isAnything },
  'ton-proof': { domain: isText, payload: isText },
  'ton-transfer': { payload: isText },
};

/** Reads a JSON request for `decodeAct`; null unless it has exactly the fields of its kind. */
export function readWalletAct(kind: unknown, request: unknown): WalletAct | null {
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return null;
  const fields = FIELDS[kind as WalletActKind];
  const members = membersOf(request, Object.keys(fields));
  const isRead =
    members && Object.entries(fields).every(([name, rule]) => members.has(name) && rule(members.get(name)));
  return isRead ? ({ kind, ...(request as object) } as WalletAct) : null;
}
