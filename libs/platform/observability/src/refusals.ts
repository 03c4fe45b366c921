/** A request that was answered with a problem. Nothing that it presented is in here. */
export interface RefusedRequest {
  /** The caller's, when it is well-formed. */
  readonly requestId: string;
  /** The pattern of the route, or `unknown`; never the URL. */
  readonly route: string;
  /** The name of the door that the route is. */
  readonly door: string | null;
  readonly code: string;
  readonly status: number;
  /** One that exists. */
  readonly applicationId: string | null;
  /** The verified caller: a user id. */
  readonly userId: string | null;
  /** The verified caller: a principal of the administration API. */
  readonly principalId: string | null;
  /** Whether the route takes proofs, secrets or refresh tokens. */
  readonly takesCredentials: boolean;
}

type Listener = (refused: RefusedRequest) => void;

/** Passes refused requests on, from all that answer requests to what records them. */
export class Refusals {
  private listener: Listener = () => undefined;

  note(refused: RefusedRequest): void {
    this.listener(refused);
  }

  /** @param listener must be cheap and must not throw: any client can cause refusals at any rate */
  listen(listener: Listener): void {
    this.listener = listener;
  }
}
