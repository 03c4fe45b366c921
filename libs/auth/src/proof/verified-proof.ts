import type { Environment, IdentityProvider, WalletProofKind } from '@countersign/applications';
import type { DoorName } from '@countersign/sessions';
import type { Assurance, ClaimedProfile, IdentityAlias } from '@countersign/users';

/** A verified proof of any door. */
export interface VerifiedProof {
  readonly provider: IdentityProvider;
  readonly environment: Environment;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly applicationId: string;
  /** The provider's id of the bot; `null` where none signed. */
  readonly botId: string | null;
  /** The application's bot whose token or secret the proof rests on; `null` for one that it only allows. */
  readonly botRowId: string | null;
  /** Profile data from the platform. */
  readonly profile: ClaimedProfile;
  /** The same from a less reliable source, or in another form. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
  /** Signed by the platform but chosen by the author of the link: it proves nothing. */
  readonly startParam: string | null;
  /** SHA-256 over what was signed: equal for every spelling of one proof. */
  readonly proofId: Buffer;
  /** Known to holders of the proof, not from the database: seals the pair for re-entry with the proof. */
  readonly secret: Buffer;
  readonly assurance: Assurance;
  /** `null` for one that a replica of the previous version verified. */
  readonly door: DoorName | null;
  /** Of a wallet's proof: what a linked wallet is stored with. */
  readonly wallet?: ProvenWallet;
}

/** A wallet whose holder signed a challenge. */
export interface ProvenWallet {
  readonly namespace: 'eip155' | 'ton';
  /** `0x` and 40 lower-case hex digits; of TON raw: workchain, colon, 64 lower-case hex digits. */
  readonly address: string;
  /** CAIP-2, of a contract wallet, whose owners differ between chains. Null where the key itself signed. */
  readonly chainId: string | null;
  /** CAIP-2: the chain that the challenge named. */
  readonly provenOn: string;
  readonly kind: WalletProofKind;
  /** Of a contract wallet: the check by its nodes. Null where no node was asked. */
  readonly check: ContractCheck | null;
}

/** How nodes judged the signature of a contract wallet. */
export interface ContractCheck {
  readonly block: { readonly number: number; readonly hash: string };
  /** How many nodes agreed. */
  readonly nodes: number;
  /** For later checks: the 32 bytes that were signed, and the signature, `0x` and hex. */
  readonly messageHash: string;
  readonly signature: string;
}

/**
 * Whether the signer is a bot that the application merely allows: the operator of that bot receives such
 * proofs.
 */
export function isOfAllowedBot({ botId, botRowId }: VerifiedProof): boolean {
  return botId !== null && botRowId === null;
}

/** The bot that a proof rests on, as it is stored: `provider/environment/id`. `null` where no bot signed. */
export function botNameOf({ provider, environment, botId }: VerifiedProof): string | null {
  return botId === null ? null : `${provider}/${environment}/${botId}`;
}
