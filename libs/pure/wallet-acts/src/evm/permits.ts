import { namedSpend } from '../meaning';
import type { Spend } from '../wallet-act';
import { fieldsText, type Struct, type StructTypes, type TypedData } from './struct-types';

/** The address is the same on all chains. @see https://docs.uniswap.org/contracts/v4/deployments */
export const PERMIT2 = '0x000000000022d473030f116ddee9f6b43ac78ba3';

/** Structs inside Permit2's permits. @see https://github.com/Uniswap/permit2/blob/main/src/libraries/PermitHash.sol */
const PARTS: Readonly<Record<string, string>> = {
  PermitDetails: 'address token,uint160 amount,uint48 expiration,uint48 nonce',
  TokenPermissions: 'address token,uint256 amount',
};

const ERC3009 = 'address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce';
const OF_TOKENS = new Map<string, Spend['kind']>([
  // ERC-2612, DAI, and positions of Uniswap, which are a collection.
  ['Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)', 'permit'],
  ['Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)', 'permit'],
  ['Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)', 'permit'],
  [`TransferWithAuthorization(${ERC3009})`, 'transfer'],
  [`ReceiveWithAuthorization(${ERC3009})`, 'transfer'],
]);

/** Permit2's permits, with the field that names the assets. A `*` is any struct, which restricts the spender. */
const OF_PERMIT2 = new Map([
  ['PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)', 'details'],
  ['PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)', 'details'],
  ...['Permit', 'PermitBatch'].flatMap((name): [string, string][] => {
    const list = name === 'Permit' ? '' : '[]';
    const fields = `TokenPermissions${list} permitted,address spender,uint256 nonce,uint256 deadline`;
    return [
      [`${name}TransferFrom(${fields})`, 'permitted'],
      [`${name}WitnessTransferFrom(${fields},*)`, 'permitted'],
    ];
  }),
]);

/** Null unless it is a known permit. The order of fields matters: another struct of this name has another meaning. */
export function permitsOf(
  { types, primaryType, message, verifyingContract }: TypedData,
  wallet: string,
): readonly Spend[] | null {
  const fields = types.get(primaryType) ?? [];
  const witness = fields.at(-1);
  const isWitness = witness !== undefined && primaryType.includes('Witness') && types.has(witness.type);
  const signature = `${primaryType}(${isWitness ? `${fieldsText(fields.slice(0, -1))},*` : fieldsText(fields)})`;
  const by = { token: verifyingContract, owner: wallet };
  const kind = OF_TOKENS.get(signature);
  if (kind) return [namedSpend(kind, message, by)];

  const permitted = OF_PERMIT2.get(signature);
  if (permitted === undefined || verifyingContract !== PERMIT2 || !hasKnownParts(types)) return null;
  // Only these fields of the message count: the request names the witness, which could be `value`.
  const { spender, deadline, sigDeadline } = message;
  const each = [message[permitted]].flat() as readonly Struct[];
  return each.map((one) => namedSpend('permit', { ...one, spender, deadline: deadline ?? sigDeadline }, by));
}

function hasKnownParts(types: StructTypes): boolean {
  return Object.entries(PARTS).every(
    ([name, fields]) => !types.has(name) || fieldsText(types.get(name)) === fields,
  );
}
