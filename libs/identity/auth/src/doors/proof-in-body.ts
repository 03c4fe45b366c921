import type { Type } from '@nestjs/common';
import { readInput } from '@countersign/http';
import type { Door, DoorDeclaration, Operation, PastedProof } from './door';
import type { MayHaveReferralCode, SignInRequest } from './sign-in-request';

export interface BodyDoorDeclaration extends DoorDeclaration {
  readonly body: Type<SignInRequest>;
  /** The names of the fields for the proof, with examples. A body has exactly one of them. */
  readonly proofFields: Readonly<Record<string, unknown>>;
  /** Fields beside a proof, with examples. */
  readonly besides?: Readonly<Record<string, unknown>>;
  /** Describes the proofs for the document. They answer a question of this service, so they step a session up. */
  readonly stepsUp?: string;
  /** The operation below `/v1/me/identities` that links the identity. Its proofs are valid for merging too. */
  readonly link?: Operation & { readonly path: string; readonly codes?: readonly string[] };
}

export type BodyDoorClass = Type<Door> & { readonly declaration: BodyDoorDeclaration };

export function readSignIn<Body extends SignInRequest>(
  type: Type<Body>,
  body: unknown,
): Body & MayHaveReferralCode {
  const read = readInput(type, body);
  return Object.assign(read, { applicationId: read.applicationId.toLowerCase() });
}

export function pastedBody({ applicationId, option }: PastedProof, proof: object): object {
  const botId = option('bot');
  return { applicationId, ...proof, ...(botId === undefined ? {} : { botId }) };
}

/** One example body per proof field, by the name of the field. */
export function exampleBodies(
  { proofFields, besides }: BodyDoorDeclaration,
  rest: object = {},
): Record<string, { value: object }> {
  return Object.fromEntries(
    Object.entries(proofFields).map(([name, example]) => [
      name,
      { value: { ...rest, ...besides, [name]: example } },
    ]),
  );
}

/** The undecoded query of a whole URL, without the fragment. Any other text is the query itself. */
export function pastedQuery(text: string): string {
  const query = /^https?:\/\/[^?#]*\??([^#]*)/i.exec(text)?.[1];
  return query ?? text;
}
