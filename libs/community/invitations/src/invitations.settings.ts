import { IsBoolean } from 'class-validator';

/** Invitations to teams of the application. */
export class InvitationsSettings {
  /**
   * Whether a sign-in accepts the invitation that its signed start parameter carries, to roles below `admin`. Otherwise it
   * is only offered.
   */
  @IsBoolean()
  acceptAtSignIn = false;
}
