import type { Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readInput } from '@countersign/http';
import {
  accepted,
  RequestDoor,
  SIGN_IN,
  type DoorAnswer,
  type DoorDeclaration,
  type Operation,
  type PastedProof,
  type Presentation,
  type VerifiedSignIn,
} from './door';
import type { MayHaveReferralCode, SignInRequest } from './sign-in-request';

/** The declaration of a door for JSON bodies. Its path is below `/v1/auth` and below `/v1/me/identities`. */
export interface BodyDoorDeclaration extends DoorDeclaration {
  readonly method: 'POST';
  readonly body: Type<SignInRequest>;
  /** The fields that the proof may stand in, exactly one at a time, with an example of each. */
  readonly proofFields: Readonly<Record<string, unknown>>;
  /** Fields that a proof stands beside, with examples. */
  readonly besides?: Readonly<Record<string, unknown>>;
  /** Its proofs are answers to what this service asked a browser or wallet for, so they step a session up. */
  readonly stepsUp?: true;
  /** The operation that links the identity by an answer to a challenge. Such a proof is valid for merging too. */
  readonly link?: Operation;
}

export type BodyDoorClass = Type<BodyDoor> & { readonly declaration: BodyDoorDeclaration };

/** A door that reads a JSON body and opens a session. */
export abstract class BodyDoor extends RequestDoor {
  override readonly opensSession = true;

  /** @param body an instance of the declared class */
  protected abstract verifyBody(body: SignInRequest, presentation: Presentation): Promise<DoorAnswer>;

  get declaration(): BodyDoorDeclaration {
    return (this.constructor as BodyDoorClass).declaration;
  }

  read({ body }: FastifyRequest): unknown {
    return body;
  }

  override async open(body: unknown, presentation: Presentation = SIGN_IN): Promise<VerifiedSignIn> {
    const read: SignInRequest & MayHaveReferralCode = readSignIn(this.declaration.body, body);
    const answer = await this.verifyBody(read, presentation);
    return accepted({
      ...answer,
      deviceName: read.deviceName ?? null,
      cancelsErasure: read.cancelErasure ?? false,
      referralCode: read.referralCode ?? null,
    });
  }

  fromPasted({ applicationId, text, option }: PastedProof): object {
    const botId = option('bot');
    return { applicationId, ...this.fieldOf(text), ...(botId === undefined ? {} : { botId }) };
  }

  /** The field that a pasted proof belongs in. */
  protected fieldOf(text: string): object {
    const [name = ''] = Object.keys(this.declaration.proofFields);
    return { [name]: text };
  }
}

/** @throws AppError request.unknown_field, request.invalid */
function readSignIn<Body extends SignInRequest>(type: Type<Body>, body: unknown): Body {
  const read = readInput(type, body);
  return Object.assign(read, { applicationId: read.applicationId.toLowerCase() });
}

/** A body for each field that a proof of the door may stand in, named by the field. */
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
