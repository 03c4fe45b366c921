import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { IntersectionType, PartialType } from '@nestjs/swagger';
import { readInput, invalidField } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { authError } from './auth.errors';
import { type Door, type ProofPurpose, type VerifiedSignIn, consumingCodes } from './doors/door';
import type { BodyDoorDeclaration } from './doors/proof-in-body';
import { SignInRequest } from './doors/sign-in-request';
import { signInDoors } from './all-doors';

export type Presenter = Pick<Principal, 'applicationId' | 'userId'>;

type PresentedPurpose = Exclude<ProofPurpose, 'sign-in'>;

interface Presentable {
  readonly body: Type<SignInRequest>;
  readonly doors: readonly { readonly door: Door; readonly fields: readonly string[] }[];
}

/** Documents show the proofs of the doors in use. */
export class ProofRequest extends PartialType(SignInRequest) {}

/** Error codes of a proof that is presented within a session, besides those of its door. */
export const presentedCodes: readonly string[] = [...consumingCodes, 'auth.proof_names_no_act'];

function isProofFor(purpose: PresentedPurpose, { stepsUp, link }: BodyDoorDeclaration): boolean {
  return (purpose === 'step-up' ? stepsUp : link) !== undefined;
}

/** Opens proofs for acts within a session. Proofs for sign-ins, such as init data, consent to no act. */
@Injectable()
export class PresentedProofs {
  private readonly known = new Map<PresentedPurpose, Presentable>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @param body the body of that door's sign-in; `applicationId` is optional, because the session names it */
  async openDoor(
    door: Door,
    body: unknown,
    presenter: Presenter,
    purpose: PresentedPurpose,
  ): Promise<VerifiedSignIn> {
    return door.open(complete(body, presenter), { purpose, userId: presenter.userId });
  }

  /** Opens the one door that has the fields of the body. It never tries several doors. */
  async open(body: unknown, presenter: Presenter, purpose: PresentedPurpose): Promise<VerifiedSignIn> {
    const completed = complete(body, presenter);
    const { body: type, doors } = this.of(purpose);
    const read: Readonly<Record<string, unknown>> = { ...readInput(type, completed) };
    const [door, another] = doors.filter(({ fields }) => fields.some((name) => read[name] !== undefined));
    if (!door || another)
      throw invalidField('', 'exactly_one', 'must have the fields of exactly one sign-in');
    return door.door.open(completed, { purpose, userId: presenter.userId });
  }

  /** Cached, because class-validator keeps each class that it reads. Contains only doors that this application has. */
  private of(purpose: PresentedPurpose): Presentable {
    const known = this.known.get(purpose);
    if (known) return known;
    const wanted = signInDoors().filter(({ declaration }) => isProofFor(purpose, declaration));
    const found = this.discovery.getProviders().flatMap(({ metatype, instance }) => {
      const declaration = wanted.find((door) => door === metatype)?.declaration;
      return declaration ? [{ declaration, door: instance as Door }] : [];
    });
    const made = {
      body: bodyOf(found.map(({ declaration }) => declaration)),
      doors: found.map(({ declaration, door }) => ({ door, fields: Object.keys(declaration.proofFields) })),
    };
    this.known.set(purpose, made);
    return made;
  }
}

function bodyOf(kinds: readonly BodyDoorDeclaration[]): Type<SignInRequest> {
  const intersection = IntersectionType as unknown as (...bodies: Type[]) => Type<SignInRequest>;
  // `null` differs from absent.
  return PartialType(intersection(...kinds.map(({ body }) => body)), {
    skipNullProperties: false,
  }) as Type<SignInRequest>;
}

function complete(body: unknown, { applicationId }: Presenter): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const namingNoAct = signInDoors().filter(({ declaration }) => !isProofFor('step-up', declaration));
  const fields = namingNoAct.flatMap(({ declaration }) => Object.keys(declaration.proofFields));
  if (fields.some((field) => field in body)) throw authError('auth.proof_names_no_act');
  const named: unknown = 'applicationId' in body ? body.applicationId : applicationId;
  if (typeof named === 'string' && named.toLowerCase() !== applicationId)
    throw authError('auth.application_mismatch');
  return { ...body, applicationId: named };
}
