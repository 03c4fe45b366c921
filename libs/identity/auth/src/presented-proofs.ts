import { Inject, Injectable, type Type } from '@nestjs/common';
import { IntersectionType, PartialType } from '@nestjs/swagger';
import { readInput, invalidField } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { authError } from './auth.errors';
import type { Door, ProofPurpose, VerifiedSignIn } from './doors/door';
import { spendingCodes } from './doors/door-codes';
import { exampleBodies, type BodyDoorClass, type BodyDoorDeclaration } from './doors/proof-in-body';
import type { SignInRequest } from './doors/sign-in-request';
import { signInDoors } from './sign-in.controller';

/** The instances of `signInDoors`. */
export const SIGN_IN_DOORS = Symbol('SIGN_IN_DOORS');

/** The session that a proof is presented within. */
export type Presenter = Pick<Principal, 'applicationId' | 'userId'>;

/** What proofs are presented for within a session. */
type PresentedPurpose = Exclude<ProofPurpose, 'sign-in'>;

/**
 * Proofs that are presented within a session, for acts that ask for one. Init data and logins of the widget are made for
 * signing in: they are consent to no act.
 */
@Injectable()
export class PresentedProofs {
  private readonly doors: readonly (readonly [BodyDoorDeclaration, Door])[];
  private readonly body = bodyOf(steppingUp(signInDoors));

  constructor(@Inject(SIGN_IN_DOORS) doors: readonly Door[]) {
    this.doors = doors.flatMap((door) => {
      const { declaration } = door.constructor as BodyDoorClass;
      return declaration.stepsUp ? [[declaration, door] as const] : [];
    });
  }

  /**
   * Opens one door.
   * @param body of that door's sign-in; `applicationId` is optional, since the session names it
   * @throws AppError auth.application_mismatch, auth.proof_names_no_act, and what the door refuses
   */
  async openDoor(
    door: Door,
    body: unknown,
    presenter: Presenter,
    purpose: PresentedPurpose,
  ): Promise<VerifiedSignIn> {
    return door.open(complete(body, presenter), { purpose, userId: presenter.userId });
  }

  /** Opens the door for the fields of the body: it never tries one after another. */
  async open(body: unknown, presenter: Presenter, purpose: PresentedPurpose): Promise<VerifiedSignIn> {
    const completed = complete(body, presenter);
    const read: Readonly<Record<string, unknown>> = { ...readInput(this.body, completed) };
    const [door, another] = this.doors.flatMap(([{ proofFields }, one]) =>
      Object.keys(proofFields).some((name) => read[name] !== undefined) ? [one] : [],
    );
    if (!door || another)
      throw invalidField('', 'exactly_one', 'must have the fields of exactly one sign-in');
    return door.open(completed, { purpose, userId: presenter.userId });
  }
}

/** The document and error codes of a proof that is presented within a session. */
export const presentedProof = describePresented(steppingUp(signInDoors));

function describePresented(kinds: readonly BodyDoorDeclaration[]): {
  readonly body: Type<Partial<SignInRequest>>;
  readonly examples: Readonly<Record<string, { readonly value: object }>>;
  readonly codes: readonly string[];
} {
  const examples = Object.assign({}, ...kinds.map((kind) => exampleBodies(kind))) as Record<
    string,
    { value: object }
  >;
  const codes = [...kinds.flatMap((kind) => kind.codes), ...spendingCodes, 'auth.proof_names_no_act'];
  return { body: bodyOf(kinds), examples, codes: [...new Set(codes)] };
}

function steppingUp(doors: readonly BodyDoorClass[]): readonly BodyDoorDeclaration[] {
  return doors.map(({ declaration }) => declaration).filter(({ stepsUp }) => stepsUp);
}

/** The fields of all kinds, none of them required. */
function bodyOf(kinds: readonly BodyDoorDeclaration[]): Type<SignInRequest> {
  const intersection = IntersectionType as unknown as (...bodies: Type[]) => Type<SignInRequest>;
  // `null` differs from absent.
  return PartialType(intersection(...kinds.map(({ body }) => body)), {
    skipNullProperties: false,
  }) as Type<SignInRequest>;
}

/** Fields of proofs that are made for signing in. */
const namingNoAct = signInDoors
  .map(({ declaration }): BodyDoorDeclaration => declaration)
  .flatMap(({ stepsUp, proofFields }) => (stepsUp ? [] : Object.keys(proofFields)));

/** @throws AppError auth.application_mismatch, auth.proof_names_no_act */
function complete(body: unknown, { applicationId }: Presenter): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  if (namingNoAct.some((field) => field in body)) throw authError('auth.proof_names_no_act');
  const named: unknown = 'applicationId' in body ? body.applicationId : applicationId;
  if (typeof named === 'string' && named.toLowerCase() !== applicationId)
    throw authError('auth.application_mismatch');
  return { ...body, applicationId: named };
}
