import { Inject, Injectable, type Type } from '@nestjs/common';
import { IntersectionType, PartialType } from '@nestjs/swagger';
import { readInput, requestError } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { authError } from './auth.errors';
import {
  exampleBodies,
  type BodyDoor,
  type BodyDoorClass,
  type BodyDoorDeclaration,
} from './doors/body-door';
import type { ProofPurpose, VerifiedSignIn } from './doors/door';
import { spendingCodes } from './doors/door-codes';
import type { SignInRequest } from './doors/sign-in-request';
import { signInDoors } from './sign-in.controller';

/** The instances of `signInDoors`. */
export const SIGN_IN_DOORS = Symbol('SIGN_IN_DOORS');

/** The session that a proof is presented within. */
export type Presenter = Pick<Principal, 'applicationId' | 'userId'>;

/** What proofs are presented for within a session. */
export type PresentedPurpose = Exclude<ProofPurpose, 'sign-in'>;

/** Proofs that are presented within a session, for acts that ask for one. */
@Injectable()
export class PresentedProofs {
  private readonly kinds: readonly BodyDoor[];
  private readonly body: Type<SignInRequest>;

  constructor(@Inject(SIGN_IN_DOORS) doors: readonly BodyDoor[]) {
    this.kinds = kindsOf(doors);
    this.body = bodyOf(this.kinds.map(({ declaration }) => declaration));
  }

  /**
   * Opens one door.
   * @param body of that door's sign-in; `applicationId` is optional, since the session names it
   * @throws AppError auth.application_mismatch, and what the door refuses
   */
  async openDoor(
    door: BodyDoor,
    body: unknown,
    presenter: Presenter,
    purpose: PresentedPurpose,
  ): Promise<VerifiedSignIn> {
    return door.open(withApplication(body, presenter.applicationId), { purpose, userId: presenter.userId });
  }

  /** Opens the door for the fields of the body: it never tries one after another. */
  async open(body: unknown, presenter: Presenter, purpose: PresentedPurpose): Promise<VerifiedSignIn> {
    const complete = withApplication(body, presenter.applicationId);
    const read: Readonly<Record<string, unknown>> = { ...readInput(this.body, complete) };
    const [door, another] = this.kinds.filter(({ declaration: { proofFields } }) =>
      Object.keys(proofFields).some((name) => read[name] !== undefined),
    );
    if (!door || another)
      throw requestError('request.invalid', {
        fields: [{ path: '', code: 'exactly_one', detail: 'must have the fields of exactly one sign-in' }],
      });
    return door.present(complete, { purpose, userId: presenter.userId });
  }
}

/** The document and error codes of a proof that is presented within a session. */
export const presentedProof = describePresented(signInDoors);

function describePresented(doors: readonly BodyDoorClass[]): {
  readonly body: Type<Partial<SignInRequest>>;
  readonly examples: Readonly<Record<string, { readonly value: object }>>;
  readonly codes: readonly string[];
} {
  const kinds = kindsOf(doors).map(({ declaration }) => declaration);
  return {
    body: bodyOf(kinds),
    examples: Object.assign({}, ...kinds.map((kind) => exampleBodies(kind))) as Record<
      string,
      { value: object }
    >,
    codes: [...new Set([...kinds.flatMap(({ codes }) => codes), ...spendingCodes])],
  };
}

/** The first of the doors with the same fields: by fields alone they are one kind. */
function kindsOf<T extends { readonly declaration: BodyDoorDeclaration }>(doors: readonly T[]): readonly T[] {
  const fieldsOf = ({ declaration }: T) => Object.keys(declaration.proofFields).join();
  return doors.filter((door) => doors.find((first) => fieldsOf(first) === fieldsOf(door)) === door);
}

/** The fields of all kinds, none of them required. */
function bodyOf(kinds: readonly BodyDoorDeclaration[]): Type<SignInRequest> {
  const intersection = IntersectionType as unknown as (...bodies: Type[]) => Type<SignInRequest>;
  // `null` differs from absent.
  return PartialType(intersection(...kinds.map(({ body }) => body)), {
    skipNullProperties: false,
  }) as Type<SignInRequest>;
}

function withApplication(body: unknown, applicationId: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const named: unknown = 'applicationId' in body ? body.applicationId : applicationId;
  if (typeof named === 'string' && named.toLowerCase() !== applicationId)
    throw authError('auth.application_mismatch');
  return { ...body, applicationId: named };
}
