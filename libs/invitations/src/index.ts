export { KEPT_DAYS, mintInvitationToken, startParameterOf } from './invitation';
export { InvitationUpkeep } from './invitation-upkeep';
export { invitationError } from './invitations.errors';
export { InvitationsModule } from './invitations.module';
