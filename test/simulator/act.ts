import { given } from './random';
import type { Model, Pair, Session, User } from './model';
import type { Answer, Call, Device, World } from './world';

/** A step of a history, as data: it can be stored, left out and played again. */
export interface Step {
  readonly act: string;
  /** A device, such as `ada/0`. */
  readonly who: string;
  /** How long nothing happens before it. */
  readonly minutes: number;
  readonly replica: number;
  /** From 0 to less than 1: what the act chooses by. */
  readonly choice: number;
  readonly fault?: {
    readonly kind: 'cut' | 'kill' | 'clock' | 'freeze';
    readonly how: 'before' | 'after';
    readonly commit: number;
  };
  /** Steps with the same number that follow each other run at the same time. */
  readonly race?: number;
}

/** One thing that the contract allows. `apply` changes the model; its answer is null where it was lost. */
export interface Outcome {
  /** For the counters: "refresh: a used token ends the session". */
  readonly name: string;
  readonly status: 'ok' | readonly number[];
  /** @returns what is wrong with the body */
  check?(body: Answer['body']): string | null;
  apply?(body: Answer['body'] | null): void;
}

/** A call that is to be made, and what the model has to know of it. */
export interface Prepared {
  readonly call: Call;
  /** All that the contract allows at this instant, of a model that may be changed. */
  readonly outcomes: (model: Model) => readonly Outcome[];
  /** What the participant learns. */
  readonly learn?: (answer: Answer) => void;
}

export interface Act {
  /** The invariant that an unexpected answer breaks. */
  readonly invariant: string;
  /** @returns null where the step has no target */
  prepare(world: World, model: Model, step: Step): Prepared | null | Promise<Prepared | null>;
}

const REFUSED = [401, 403, 404, 409, 410, 422];

export function refused(name: string, status: readonly number[] = REFUSED): Outcome {
  return { name, status };
}

export function ok(name: string, apply?: Outcome['apply'], check?: Outcome['check']): Outcome {
  return { name, status: 'ok', ...(apply && { apply }), ...(check && { check }) };
}

/** An answer that changes nothing. */
export function checked(name: string, check: NonNullable<Outcome['check']>): Outcome {
  return ok(name, undefined, check);
}

export function pairOf(body: Answer['body'] | null): Pair | null {
  return body && { access: String(body['accessToken']), refresh: String(body['refreshToken']) };
}

export function idOf(body: Answer['body'] | null, name: string): string | null {
  return body && String(body[name]);
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** A call with an access token, on the public listener. */
export function asPerson(
  token: string,
  method: Call['method'],
  path: string,
  body?: object,
  grant?: string | null,
): Call {
  const headers = { ...bearer(token), ...(grant ? { 'x-step-up-grant': grant } : {}) };
  return { listener: 'public', method, path, headers, ...(body && { body }) };
}

/** What a call with an access token does. Each accepted one is a use. */
export function authorized(
  token: string,
  name: string,
  accepted: (model: Model, session: Session, user: User) => readonly Outcome[],
): (model: Model) => readonly Outcome[] {
  return (model) => {
    const { session, isAccepted } = model.accepts(token);
    const outcomes: Outcome[] = [];
    const user = session && model.users[session.user];
    if (session && user && isAccepted !== false)
      for (const outcome of accepted(model, session, user))
        outcomes.push({
          ...outcome,
          name: `${name}: ${outcome.name}`,
          apply: (body) => {
            if (body) model.use(token);
            else model.mayUse(token);
            outcome.apply?.(body);
          },
        });
    if (isAccepted !== true) outcomes.push(refused(`${name}: refused, the token is over`, [401]));
    return outcomes;
  };
}

/** An act of a device that has a session. */
export function byDevice(
  invariant: string,
  prepare: (given: {
    readonly token: string;
    readonly device: Device;
    readonly session: Session | null;
    readonly world: World;
    readonly model: Model;
    readonly step: Step;
  }) => Prepared | null,
): Act {
  return {
    invariant,
    prepare: (world, model, step) => {
      const device = world.device(step.who);
      if (device.access === null) return null;
      const session = model.sessionOfAccess(device.access);
      return prepare({ token: device.access, device, session, world, model, step });
    },
  };
}

export function personOf({ who }: Pick<Step, 'who'>): string {
  return given(who.split('/')[0]);
}
